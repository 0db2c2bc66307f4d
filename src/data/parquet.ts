/** Parquet files as JSON lines: the columns that a problem is made of, checked by type, one row group in memory at a time. */
import { type FileHandle, open } from 'node:fs/promises'
import * as zlib from 'node:zlib'
import { type AsyncBuffer, type Compressors, type FileMetaData, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet'
import type { SchemaElement } from 'hyparquet'
import { DataError } from '../errors.ts'
import type { Fields } from './fields.ts'

/** Writes every row of `path` as a line of `lines`. DataError names the file, and the column where one is missing or of another type. */
export async function spoolParquet(path: string, fields: Fields, lines: FileHandle): Promise<void> {
  await using handle = await open(path)
  const { size } = await handle.stat()
  if (size === 0) throw new DataError(`${path}: is empty, 0 bytes; write it or fetch it again`)
  const file = { byteLength: size, slice: (start: number, end: number = size) => slice(handle, start, end) }
  const metadata = await told(path, parquetMetadataAsync(file))
  const columns = columnsOf(path, metadata, fields)
  refuseCompression(path, metadata, columns)
  let rowStart = 0
  for (const { num_rows: count } of metadata.row_groups) {
    const rowEnd = rowStart + Number(count)
    const rows = await told(path, readGroup({ file, metadata, columns, rowStart, rowEnd }))
    await lines.write(rows.map((row) => `${JSON.stringify(row, (_, value: unknown) => plain(value))}\n`).join(''))
    rowStart = rowEnd
  }
}

interface Group {
  readonly file: AsyncBuffer
  readonly metadata: FileMetaData
  readonly columns: string[]
  readonly rowStart: number
  readonly rowEnd: number // exclusive
}

function readGroup(group: Group): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ ...group, compressors })
}

async function slice(handle: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = new ArrayBuffer(end - start)
  const { bytesRead } = await handle.read(new Uint8Array(bytes), 0, end - start, start)
  if (bytesRead < end - start) throw new Error(`it ends at byte ${start + bytesRead}, where ${end} were expected`)
  return bytes
}

async function told<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause)
    throw new DataError(`${path}: not a readable Parquet file, ${said}; if it was cut off, fetch it again`, { cause })
  }
}

/** Columns of the fields, those that may be absent where they are there. */
function columnsOf(path: string, metadata: FileMetaData, fields: Fields): string[] {
  const elements = new Map(parquetSchema(metadata).children.map(({ element }) => [element.name, element]))
  return (['problem', 'answer', 'solution', 'id'] as const).flatMap((field) => {
    const element = fields[field].map((name) => elements.get(name)).find((each) => each !== undefined)
    if (element === undefined) {
      if (field === 'solution' || field === 'id') return []
      throw new DataError(`${path}: no column ${fields[field].join(' or ')}, it has ${[...elements.keys()].join(', ')}`)
    }
    const allowed = field === 'answer' || field === 'id' ? 'a text or a number' : 'a text'
    if (!isText(element) && (allowed === 'a text' || !isNumber(element)))
      throw new DataError(`${path}: column ${element.name} is ${typeName(element)}, and ${field} must be ${allowed}`)
    return [element.name]
  })
}

/** Told before anything is read: to fetch such a file again would change nothing. */
function refuseCompression(path: string, { row_groups: groups }: FileMetaData, columns: readonly string[]): void {
  const chunks = groups.flatMap((group) => group.columns.map(({ meta_data: data }) => data))
  const codec = chunks.find((chunk) => columns.includes(chunk?.path_in_schema[0] ?? '') && !codecs.has(chunk?.codec ?? ''))?.codec
  if (codec === undefined) return
  const newer = codec === 'ZSTD' ? ', or use Node 22.15 or newer, which reads it' : ''
  throw new DataError(
    `${path}: its compression ${codec} is not one that is read (${[...codecs].join(', ')}); write it again with snappy or gzip (pyarrow: compression='snappy')${newer}`,
  )
}

function isText({ type, logical_type: logical, converted_type: converted }: SchemaElement): boolean {
  const said = logical?.type ?? converted
  return type === 'BYTE_ARRAY' && (said === undefined || ['STRING', 'UTF8', 'ENUM', 'JSON'].includes(said))
}

function isNumber({ type, logical_type: logical, converted_type: converted, repetition_type }: SchemaElement): boolean {
  const said = logical?.type ?? converted ?? 'INTEGER'
  const isPlain = said === 'INTEGER' || /^U?INT_\d+$/.test(said)
  return isPlain && repetition_type !== 'REPEATED' && ['INT32', 'INT64', 'FLOAT', 'DOUBLE'].includes(type ?? '')
}

function typeName({ type, logical_type: logical, converted_type: converted }: SchemaElement): string {
  return [logical?.type ?? converted, type].filter((each) => each !== undefined).join(' ') || 'a group'
}

/** A cell as JSON can say it. */
function plain(value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}

/** Zstandard, from Node 22.15 on. */
const { zstdDecompressSync } = zlib as { readonly zstdDecompressSync?: (bytes: Uint8Array) => Uint8Array }

/** What node decompresses. */
const compressors: Compressors = {
  GZIP: (input) => zlib.gunzipSync(input),
  BROTLI: (input) => zlib.brotliDecompressSync(input),
  ...(zstdDecompressSync && { ZSTD: (input: Uint8Array) => zstdDecompressSync(input) }),
}

const codecs: ReadonlySet<string> = new Set(['UNCOMPRESSED', 'SNAPPY', ...Object.keys(compressors)])
