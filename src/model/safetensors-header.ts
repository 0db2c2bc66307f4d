/**
 * The header of a safetensors file: 8 bytes of length, then JSON that gives each tensor's type, shape and place in the data.
 * Pure: from bytes to a checked table and back. It trusts nothing, since a header may come from anywhere.
 */
import { DataError } from '../errors.ts'

/** The element types this package computes with; all become Float32Arrays. */
export type FloatType = 'F32' | 'F16' | 'BF16'

/** Where one tensor lies. */
export interface TensorEntry {
  readonly dtype: string // any type of the format; only a FloatType can be read
  readonly shape: readonly number[]
  readonly begin: number // bytes from the start of the file
  readonly end: number // exclusive
}

export interface Header {
  readonly metadata: Readonly<Record<string, string>>
  readonly entries: ReadonlyMap<string, TensorEntry>
}

/** The format's own limit on the header, so that a corrupt length is not taken for a request for memory. */
export const maxHeaderBytes = 100_000_000

const elementBytes: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E8M0: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
  C64: 8,
}

/** Number of elements of a shape. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

export function bytesOf(dtype: FloatType): number {
  return dtype === 'F32' ? 4 : 2
}

/**
 * Reads a header. `text` is the JSON, `dataStart` the byte after it, `fileBytes` the whole file's size. The tensors must
 * cover the data without gap or overlap, as the format demands. Throws DataError naming path and tensor.
 */
export function parseHeader(path: string, text: string, dataStart: number, fileBytes: number): Header {
  const { __metadata__: metadata = {}, ...tensors } = jsonObject(path, text)
  const entries = new Map<string, TensorEntry>()
  for (const [name, value] of Object.entries(tensors)) entries.set(name, parseEntry(`${path}: tensor ${name}`, value, dataStart))
  checkCoverage(path, entries, dataStart, fileBytes)
  return { metadata: stringRecord(path, metadata), entries }
}

/** The bytes before the data: length and JSON, padded with spaces to a multiple of 8, and the entries as laid out in order. */
export function encodeHeader(
  tensors: ReadonlyArray<{ readonly name: string; readonly shape: readonly number[] }>,
  dtype: FloatType,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata }
  let offset = 0
  for (const { name, shape } of tensors) {
    const end = offset + elements(shape) * bytesOf(dtype)
    header[name] = { dtype, shape, data_offsets: [offset, end] }
    offset = end
  }
  const json = Buffer.from(JSON.stringify(header))
  const bytes = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, ' ')
  bytes.writeBigUInt64LE(BigInt(bytes.length - 8))
  json.copy(bytes, 8)
  return bytes
}

function jsonObject(path: string, text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new DataError(`${path}: the header is not JSON, so this is no safetensors file or a damaged one`, { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new DataError(`${path}: the header is not a JSON object`)
  return value as Record<string, unknown>
}

function parseEntry(subject: string, value: unknown, dataStart: number): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown }
  const size = typeof dtype === 'string' ? elementBytes[dtype] : undefined
  if (size === undefined) throw new DataError(`${subject}: unknown dtype, ${JSON.stringify(dtype)}; convert the model to F32, F16 or BF16`)
  if (!isSizes(shape)) throw new DataError(`${subject}: bad shape, ${JSON.stringify(shape)}`)
  if (!isSizes(offsets) || offsets.length !== 2) throw new DataError(`${subject}: bad data_offsets, ${JSON.stringify(offsets)}`)
  const [begin, end] = offsets as [number, number]
  const expected = elements(shape) * size
  if (end - begin !== expected) {
    throw new DataError(
      `${subject}: ${String(dtype)} of shape [${shape}] takes ${expected} bytes, but data_offsets [${begin}, ${end}] hold ${end - begin}`,
    )
  }
  return { dtype: dtype as string, shape, begin: dataStart + begin, end: dataStart + end }
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0)
}

function checkCoverage(path: string, entries: ReadonlyMap<string, TensorEntry>, dataStart: number, fileBytes: number): void {
  let reached = dataStart
  let before = 'the header'
  for (const [name, { begin, end }] of [...entries].toSorted(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    if (begin < reached) throw new DataError(`${path}: tensor ${name} overlaps ${before}, it begins at byte ${begin} and not at ${reached}`)
    if (begin > reached)
      throw new DataError(`${path}: a hole of ${begin - reached} bytes before tensor ${name}, which begins at byte ${begin}`)
    if (end > fileBytes) {
      throw new DataError(`${path}: truncated, tensor ${name} ends at byte ${end} but the file has ${fileBytes}; fetch or copy it again`)
    }
    reached = end
    before = name
  }
  if (reached < fileBytes) throw new DataError(`${path}: ${fileBytes - reached} bytes after the last tensor belong to none`)
}

function stringRecord(path: string, value: unknown): Record<string, string> {
  const isRecord = typeof value === 'object' && value !== null && Object.values(value).every((each) => typeof each === 'string')
  if (!isRecord) throw new DataError(`${path}: __metadata__ is not a table of strings`)
  return value as Record<string, string>
}
