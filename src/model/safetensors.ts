/**
 * Reading safetensors files, one tensor at a time by positioned reads: a file is never loaded whole, so its size is bounded
 * by nothing but the disk. F32, F16 and BF16 become F32. Numbers are little-endian, as the format and every platform Node
 * runs on have it. Writing is safetensors-writer.ts; which tensors a model needs is checkpoint.ts.
 */
import { open, type FileHandle } from 'node:fs/promises'
import { DataError } from '../errors.ts'
import { widenBF16, widenF16 } from './half.ts'
import { elements, maxHeaderBytes, parseHeader, type Header, type TensorEntry } from './safetensors-header.ts'

const pieceElements = 1 << 18 // 1 MB of F32 at a time: what is read is still in the processor's cache when it is converted and looked through

/** An open file. Close it. */
export class SafetensorsFile {
  readonly path: string
  readonly metadata: Header['metadata']
  readonly entries: Header['entries']
  readonly #handle: FileHandle

  private constructor(path: string, header: Header, handle: FileHandle) {
    this.path = path
    this.metadata = header.metadata
    this.entries = header.entries
    this.#handle = handle
  }

  /** Opens a file and checks its header against its size. Throws DataError. */
  static async open(path: string): Promise<SafetensorsFile> {
    const handle = await openForReading(path)
    try {
      return new SafetensorsFile(path, await readHeader(path, handle), handle)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /**
   * Fills `into` (its length must be the tensor's number of elements; its memory may be shared) with the tensor's values, row by row.
   * Throws DataError for a missing tensor, a type that is not F32, F16 or BF16, another size, or a value that is not finite.
   */
  async readInto(name: string, into: Float32Array): Promise<void> {
    const entry = this.#entry(name)
    const subject = `${this.path}: tensor ${name}`
    if (elements(entry.shape) !== into.length) throw new DataError(`${subject}: shape [${entry.shape}] does not fill ${into.length} places`)
    const readPiece = this.#pieceReader(subject, entry)
    for (let at = 0; at < into.length; at += pieceElements) {
      const piece = into.subarray(at, at + pieceElements)
      await readPiece(at, piece)
      checkFinite(subject, piece, at, entry.shape)
    }
  }

  /** The tensor's values in fresh memory. Throws as `readInto` does. */
  async read(name: string): Promise<Float32Array> {
    const values = new Float32Array(elements(this.#entry(name).shape))
    await this.readInto(name, values)
    return values
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  #entry(name: string): TensorEntry {
    const entry = this.entries.get(name)
    if (!entry) throw new DataError(`${this.path}: tensor ${name} is missing`)
    return entry
  }

  /** Fills a piece with the values from element `at` on; one buffer serves all pieces of a tensor. */
  #pieceReader(subject: string, { dtype, shape, begin }: TensorEntry): (at: number, piece: Float32Array) => Promise<void> {
    const fill = (bytes: Uint8Array, from: number): Promise<void> => readFully(this.path, this.#handle, bytes, begin + from)
    if (dtype === 'F32') return (at, piece) => fill(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength), 4 * at)
    if (dtype !== 'F16' && dtype !== 'BF16') {
      throw new DataError(`${subject}: dtype ${dtype} is not readable; convert the model to F32, F16 or BF16`)
    }
    const buffer = new Uint16Array(Math.min(pieceElements, elements(shape)))
    const widen = dtype === 'F16' ? widenF16 : widenBF16
    return async (at, piece) => {
      const bits = buffer.subarray(0, piece.length)
      await fill(new Uint8Array(bits.buffer, 0, bits.byteLength), 2 * at)
      widen(bits, piece)
    }
  }
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (cause) {
    throw new DataError(`${path}: could not be opened, ${(cause as Error).message}`, { cause })
  }
}

async function readHeader(path: string, handle: FileHandle): Promise<Header> {
  const { size } = await handle.stat()
  if (size < 8) throw new DataError(`${path}: truncated, ${size} bytes are too few for a safetensors file`)
  const prefix = Buffer.alloc(8)
  await readFully(path, handle, prefix, 0)
  const length = Number(prefix.readBigUInt64LE())
  if (length > maxHeaderBytes) throw new DataError(`${path}: not a safetensors file, its header would have ${length} bytes`)
  if (8 + length > size) throw new DataError(`${path}: truncated, the header has ${length} bytes but the file only ${size}`)
  const text = Buffer.alloc(length)
  await readFully(path, handle, text, 8)
  return parseHeader(path, text.toString('utf8'), 8 + length, size)
}

/** Fills `bytes` from `position`, over as many reads as the system wants. */
async function readFully(path: string, handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, position + done)
    if (bytesRead === 0) throw new DataError(`${path}: truncated, nothing at byte ${position + done}`)
    done += bytesRead
  }
}

/** One NaN or infinity would spread to every number of the run, so it is named here. `offset`: of the piece in its tensor. */
function checkFinite(subject: string, piece: Float32Array, offset: number, shape: readonly number[]): void {
  if (isFinitePiece(piece)) return
  const index = piece.findIndex((value) => !Number.isFinite(value))
  throw new DataError(
    `${subject}: ${piece[index]} at index [${place(offset + index, shape)}] of shape [${shape}]; these weights are damaged`,
  )
}

/** A value less itself is zero unless it is not finite: sums without a branch, four so that no addition waits for the last. */
function isFinitePiece(piece: Float32Array): boolean {
  const less = (value: number): number => value - value
  let [a, b, c, d] = [0, 0, 0, 0]
  const end = piece.length - (piece.length % 4)
  for (let i = 0; i < end; i += 4) {
    a += less(piece[i]!)
    b += less(piece[i + 1]!)
    c += less(piece[i + 2]!)
    d += less(piece[i + 3]!)
  }
  for (let i = end; i < piece.length; i++) a += less(piece[i]!)
  return a + b + c + d === 0
}

/** A flat index as one index for each axis. */
function place(flat: number, shape: readonly number[]): number[] {
  return shape.toReversed().reduce<number[]>((indices, size) => {
    indices.unshift(flat % size)
    flat = Math.floor(flat / size)
    return indices
  }, [])
}
