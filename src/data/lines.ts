/** A file's lines, one pass, in memory of one chunk: where each stands and what it holds. It knows no JSON. */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { DataError } from '../errors.ts'

const CHUNK_BYTES = 1 << 20
const NEWLINE = 10
const RETURN = 13
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** A longer line is told of and not held. */
export const MOST_LINE_BYTES: number = 16 * 2 ** 20

/** A line without its end. */
export interface Line {
  readonly number: number // 1 is the first
  readonly offset: number // bytes before it
  readonly bytes: Buffer | undefined // until the visitor returns; undefined where the line is too long to be held
}

/** What a file is, whatever it is called. */
export interface DataFile {
  readonly path: string
  readonly bytes: number
  readonly sha256: string // hex
}

/** Shows every line to `visit`, in order, and gives the file's sum. DataError names a file that cannot be read. */
export async function scanLines(path: string, visit: (line: Line) => void): Promise<DataFile> {
  const hash = createHash('sha256')
  const lines = splitter(visit)
  let bytes = 0
  try {
    await using file = await open(path)
    for (let read = await lines.fill(file); read.length > 0; read = await lines.fill(file)) {
      hash.update(read)
      bytes += read.length
      lines.split()
    }
  } catch (cause) {
    throw new DataError(`${path}: cannot be read, ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
  lines.end()
  return { path, bytes, sha256: hash.digest('hex') }
}

interface Splitter {
  fill(file: { read(buffer: Buffer, offset: number, length: number): Promise<{ bytesRead: number }> }): Promise<Buffer>
  split(): void
  end(): void
}

/** Holds what was read of the file since the last line's end. */
function splitter(visit: (line: Line) => void): Splitter {
  let buffer = Buffer.allocUnsafe(2 * CHUNK_BYTES)
  let end = 0 // of what was read
  let searched = 0 // no newline before here
  let offset = 0 // in the file, of the buffer's first byte
  let dropped = 0 // bytes of a line that is too long
  let number = 0

  function emit(from: number, to: number): void {
    const line = number === 0 && dropped === 0 && BYTE_ORDER_MARK.equals(buffer.subarray(from, from + 3)) ? from + 3 : from
    const stop = to > line && buffer[to - 1] === RETURN ? to - 1 : to
    const isHeld = dropped === 0 && stop - line <= MOST_LINE_BYTES
    number += 1
    visit({ number, offset: offset + line, bytes: isHeld ? buffer.subarray(line, Math.max(line, stop)) : undefined })
    dropped = 0
  }

  return {
    async fill(file) {
      if (end > MOST_LINE_BYTES) {
        dropped += end
        offset += end
        end = searched = 0
      } else if (buffer.length - end < CHUNK_BYTES) buffer = Buffer.concat([buffer], 2 * buffer.length)
      const { bytesRead } = await file.read(buffer, end, CHUNK_BYTES)
      const read = buffer.subarray(end, end + bytesRead)
      end += bytesRead
      return read
    },
    split() {
      const held = buffer.subarray(0, end)
      let from = 0
      for (let at = held.indexOf(NEWLINE, searched); at >= 0; at = held.indexOf(NEWLINE, from)) {
        emit(from, at)
        from = at + 1
      }
      buffer.copyWithin(0, from, end)
      offset += from
      end -= from
      searched = end
    },
    end() {
      if (end > 0 || dropped > 0) emit(0, end)
    },
  }
}
