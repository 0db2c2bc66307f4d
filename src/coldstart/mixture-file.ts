/** Mixtures as files: JSONL or Parquet by the file's ending, both as Hugging Face datasets reads them. Rows are checked when they are read. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { parquetReadObjects } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { SchemaElement } from 'hyparquet-writer'
import { z } from 'zod'
import { DataError, UsageError } from '../errors.ts'
import { writeWhole } from '../store/files.ts'
import { checkedRow, parsed } from '../store/ledger.ts'
import { linesOf } from '../store/lines.ts'
import { flawOf, kinds, type MixtureRow } from './mixture.ts'

/** The columns, in the order of the file. */
const fields = {
  id: z.string(),
  kind: z.enum(kinds),
  format: z.enum(['sft', 'ift']),
  problem: z.string(),
  prompt: z.string().min(1),
  completion: z.string(),
  prefix: z.string(),
  source: z.string(),
  attempt: z.int(),
  writer: z.string(),
  checks: z.array(z.string()),
}
const schema: z.ZodType<MixtureRow> = z.object(fields) // columns of one's own may stand beside these
const names = Object.keys(fields) as (keyof MixtureRow)[]

/** What the file is called in the folder of a cold start. */
export function mixtureFile(format: 'jsonl' | 'parquet'): string {
  return `mixture.${format}`
}

/** Whole or absent; a pure function of the rows. */
export async function writeMixture(path: string, rows: readonly MixtureRow[]): Promise<void> {
  await writeWhole(
    path,
    isParquet(path) ? parquetOf(rows) : Buffer.from(rows.map((row) => `${JSON.stringify(row, [...names])}\n`).join('')),
  )
}

export interface Mixture {
  readonly rows: readonly MixtureRow[]
  readonly hash: string // of the file's bytes
}

/** UsageError when there is no file, DataError with file and line where a row cannot be learnt from. */
export async function readMixture(path: string): Promise<Mixture> {
  if (!existsSync(path)) throw new UsageError(`${path}: no such file; make it with tapo coldstart build`)
  const rows = isParquet(path) ? await parquetRows(path) : jsonRows(path)
  if (rows.length === 0) throw new DataError(`${path}: holds no rows`)
  const seen = new Map<string, string>()
  for (const { row, place } of rows) {
    const flaw = flawOf(row)
    if (flaw !== undefined) throw new DataError(`${place}: ${flaw}; build the row anew, or take it out`)
    if (seen.has(row.id)) throw new DataError(`${place}: id: ${row.id} is the id of ${seen.get(row.id)} too`)
    seen.set(row.id, place)
  }
  return {
    rows: rows.map(({ row }) => row),
    hash: createHash('sha256')
      .update(await readFile(path))
      .digest('hex'),
  }
}

interface PlacedRow {
  readonly row: MixtureRow
  readonly place: string
}

function jsonRows(path: string): PlacedRow[] {
  return [...linesOf(path)].flatMap(({ text: line, number }) => {
    const place = `${path}:${number}`
    return line.trim() === '' ? [] : [{ row: parsed(line, place, schema), place }]
  })
}

async function parquetRows(path: string): Promise<PlacedRow[]> {
  const objects = await objectsOf(path)
  return objects.map((object, i) => {
    const place = `${path}: row ${i}`
    return { row: checkedRow(object, place, schema), place }
  })
}

async function objectsOf(path: string): Promise<Record<string, unknown>[]> {
  try {
    const bytes = await readFile(path)
    return await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) })
  } catch (cause) {
    throw new DataError(`${path}: not a readable Parquet file, ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

function isParquet(path: string): boolean {
  return path.endsWith('.parquet')
}

function parquetOf(rows: readonly MixtureRow[]): Uint8Array {
  const buffer = parquetWriteBuffer({
    columnData: names.map((name) => ({ name, data: rows.map((row) => row[name]) })),
    schema: [{ name: 'root', num_children: names.length }, ...names.flatMap(schemaElements)],
    createdBy: 'tapo',
  })
  return new Uint8Array(buffer)
}

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' }, repetition_type: 'REQUIRED' } as const

function schemaElements(name: keyof MixtureRow): SchemaElement[] {
  if (name === 'attempt') return [{ name, type: 'INT32', repetition_type: 'REQUIRED' }]
  if (name !== 'checks') return [{ name, ...text }]
  return [
    { name, repetition_type: 'REQUIRED', num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', ...text },
  ]
}
