/** A file's lines as texts, one at a time: it may be larger than a string can be. */
import { closeSync, openSync, readSync } from 'node:fs'
import { type Line, lineSplitter } from '../data/line-splitter.ts'
import { DataError } from '../errors.ts'

export interface TextLine extends Pick<Line, 'number' | 'end' | 'isWhole'> {
  readonly text: string // without its line end
}

/** DataError when the file cannot be read. */
export function* linesOf(path: string): Generator<TextLine, void> {
  const descriptor = orTell(path, () => openSync(path, 'r'))
  const lines = lineSplitter()
  const read = (): number => orTell(path, () => readSync(descriptor, lines.room()))
  try {
    for (let size = read(); size > 0; size = read()) for (const line of lines.take(size)) yield textOf(line)
    const rest = lines.rest()
    if (rest !== undefined) yield textOf(rest)
  } finally {
    closeSync(descriptor)
  }
}

/** Those with a line end: what stands behind the last one is torn where lines are written whole. */
export function* wholeLines(path: string): Generator<TextLine, void> {
  for (const line of linesOf(path)) if (line.isWhole) yield line
}

function textOf({ bytes, number, end, isWhole }: Line): TextLine {
  return { text: bytes?.toString('utf8') ?? '', number, end, isWhole }
}

function orTell<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new DataError(`${path}: cannot be read, ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
