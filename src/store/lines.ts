/** A file's lines, one at a time: it may be larger than a string can be. */
import { closeSync, openSync, readSync } from 'node:fs'
import { DataError } from '../errors.ts'

export interface Line {
  readonly text: string // without its line end
  readonly number: number // 1 is the first
  readonly end: number // bytes of the file up to and including its line end
  readonly isWhole: boolean // has a line end; the last one may have none
}

const CHUNK = 1 << 20
const NEWLINE = 10

/** DataError when the file cannot be read. */
export function* linesOf(path: string): Generator<Line, void> {
  const descriptor = opened(path)
  try {
    const chunk = Buffer.alloc(CHUNK)
    let open: Buffer[] = [] // of the line that has not ended
    let [number, end] = [0, 0]
    for (let size = readSync(descriptor, chunk); size > 0; size = readSync(descriptor, chunk)) {
      let from = 0
      for (let at = chunk.indexOf(NEWLINE); at >= 0 && at < size; at = chunk.indexOf(NEWLINE, from)) {
        const bytes = Buffer.concat([...open, chunk.subarray(from, at)])
        end += bytes.length + 1
        yield { text: bytes.toString('utf8'), number: ++number, end, isWhole: true }
        open = []
        from = at + 1
      }
      open.push(Buffer.from(chunk.subarray(from, size)))
    }
    const rest = Buffer.concat(open)
    if (rest.length > 0) yield { text: rest.toString('utf8'), number: number + 1, end: end + rest.length, isWhole: false }
  } finally {
    closeSync(descriptor)
  }
}

/** Those with a line end: what stands behind the last one is torn where lines are written whole. */
export function* wholeLines(path: string): Generator<Line, void> {
  for (const line of linesOf(path)) if (line.isWhole) yield line
}

function opened(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (cause) {
    throw new DataError(`${path}: cannot be read, ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
