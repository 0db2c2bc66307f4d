/** A data file's lines, one pass, and the file's sum. It knows no JSON. */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { DataError } from '../errors.ts'
import { type Line, lineSplitter } from './line-splitter.ts'

/** A longer line is told of and not held. */
export const MOST_LINE_BYTES: number = 16 * 2 ** 20

/** What a file is, whatever it is called. */
export interface DataFile {
  readonly path: string
  readonly bytes: number
  readonly sha256: string // hex
}

/** Shows every line to `visit`, in order, and gives the file's sum. DataError names a file that cannot be read. */
export async function scanLines(path: string, visit: (line: Line) => void): Promise<DataFile> {
  const hash = createHash('sha256')
  const lines = lineSplitter(MOST_LINE_BYTES)
  let bytes = 0
  try {
    await using file = await open(path)
    for (;;) {
      const room = lines.room()
      const { bytesRead } = await file.read(room, 0, room.length)
      if (bytesRead === 0) break
      hash.update(room.subarray(0, bytesRead))
      bytes += bytesRead
      for (const line of lines.take(bytesRead)) visit(line)
    }
  } catch (cause) {
    throw new DataError(`${path}: cannot be read, ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
  const rest = lines.rest()
  if (rest !== undefined) visit(rest)
  return { path, bytes, sha256: hash.digest('hex') }
}
