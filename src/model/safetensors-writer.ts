/**
 * Writing safetensors files: streamed from the tensors' own memory in pieces, so a file may be larger than any buffer.
 * The file exists under its name only when it is whole and on the disk.
 */
import type { FileHandle } from 'node:fs/promises'
import { DataError } from '../errors.ts'
import { writeAtomically } from './atomic-file.ts'
import { narrowBF16, narrowF16 } from './half.ts'
import { elements, encodeHeader, type FloatType } from './safetensors-header.ts'

/** A tensor in memory, row by row. */
export interface NamedTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array
}

export interface WriteOptions {
  readonly dtype?: FloatType
  readonly metadata?: Readonly<Record<string, string>>
}

const pieceElements = 4 << 20

/**
 * Writes `tensors` in the given order as one file of one type, rounding to nearest, ties to even. `format: 'pt'` is what
 * transformers looks for. Throws DataError for a value that the type cannot hold or a shape that does not fit its data,
 * StoreError where the disk refuses; then nothing is left under `path` that was not there before.
 */
export async function writeSafetensors(path: string, tensors: readonly NamedTensor[], options: WriteOptions = {}): Promise<void> {
  const { dtype = 'F32', metadata = {} } = options
  for (const { name, shape, data } of tensors) {
    if (elements(shape) !== data.length)
      throw new DataError(`${path}: tensor ${name} has ${data.length} values, not those of shape [${shape}]`)
  }
  await writeAtomically(path, async (handle) => {
    await handle.writeFile(encodeHeader(tensors, dtype, { format: 'pt', ...metadata }))
    for (const tensor of tensors) await writeData(path, handle, tensor, dtype)
  })
}

async function writeData(path: string, handle: FileHandle, { name, data }: NamedTensor, dtype: FloatType): Promise<void> {
  for (let at = 0; at < data.length; at += pieceElements) {
    const piece = data.subarray(at, at + pieceElements)
    // writeFile and not write: on a handle it continues at the file's position and repeats short writes until an error or the end.
    await handle.writeFile(encodePiece(`${path}: tensor ${name}`, piece, dtype))
  }
}

function encodePiece(subject: string, piece: Float32Array, dtype: FloatType): Uint8Array {
  if (dtype === 'F32') return new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength)
  const bits = new Uint16Array(piece.length)
  if (dtype === 'F16') narrowF16(piece, bits)
  else narrowBF16(piece, bits)
  const infinity = dtype === 'F16' ? 0x7c00 : 0x7f80
  const index = bits.findIndex((each, i) => (each & 0x7fff) === infinity && Number.isFinite(piece[i]))
  if (index >= 0) throw new DataError(`${subject}: ${piece[index]} is too large for ${dtype}; save as F32 or BF16`)
  return new Uint8Array(bits.buffer)
}
