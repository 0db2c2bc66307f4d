/** A file's lines, one at a time: it may be larger than a string can be. */
import { closeSync, openSync, readSync } from 'node:fs'
import { DataError } from '../errors.ts'

export interface Line {
  readonly text: string // without its line end
  readonly number: number // 1 is the first
  readonly end: number // bytes of the file up to and including its line end
}

const CHUNK = 1 << 20

/** The whole lines; what stands behind the last line end is torn, and not there. DataError when the file cannot be read. */
export function* wholeLines(path: string): Generator<Line, void> {
  const descriptor = opened(path)
  try {
    const chunk = Buffer.alloc(CHUNK)
    let open: Buffer[] = [] // of the line that has not ended
    let [number, end] = [0, 0]
    for (let size = readSync(descriptor, chunk); size > 0; size = readSync(descriptor, chunk)) {
      let from = 0
      for (let at = chunk.indexOf(10); at >= 0 && at < size; at = chunk.indexOf(10, from)) {
        const bytes = Buffer.concat([...open, chunk.subarray(from, at)])
        end += bytes.length + 1
        yield { text: bytes.toString('utf8'), number: ++number, end }
        open = []
        from = at + 1
      }
      open.push(Buffer.from(chunk.subarray(from, size)))
    }
  } finally {
    closeSync(descriptor)
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (cause) {
    throw new DataError(`${path}: cannot be read, ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
