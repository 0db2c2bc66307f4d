/**
 * The problems of one file, read by position: a pass over the file checks every row and notes where it stands (column.ts), so that
 * memory does not grow with the file. The file stays open, so that one that is replaced meanwhile changes nothing.
 */
import { isUtf8 } from 'node:buffer'
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DataError } from '../errors.ts'
import type { Problem } from '../types.ts'
import { Column, keyOf, repeats } from './column.ts'
import { excerpt, type Fields, type Reading, readRow, type RowPlace } from './fields.ts'
import type { Line } from './line-splitter.ts'
import { type DataFile, MOST_LINE_BYTES, scanLines } from './lines.ts'
import { spoolParquet } from './parquet.ts'

/** What is wrong with a row. */
export interface Fault {
  readonly line: number // of its file, 1 is the first; of a Parquet file the row
  readonly fact: string
}

/** Rows without a fault, by position. */
export interface Rows {
  readonly name: string // of the set; its problems are called `name/id`
  readonly file: DataFile
  readonly size: number
  at(index: number): Problem // 0 <= index < size
  lineOf(index: number): number
  eachKey(visit: (key: number, index: number) => void): void // of the ids, in order; see column.ts
  readonly faults: readonly Fault[] // by line, at most MOST_FAULTS
  readonly faulty: number // rows that have one
  /** A bad row's place as messages name it. */
  place(line: number): string
  close(): void
}

export interface RowsOptions {
  readonly name: string
  readonly fields: Fields
  /** What else can be wrong with a problem; undefined when nothing is. */
  readonly fault?: (problem: Problem) => string | undefined
}

const NEAR_BYTES = 64 * 1024
const MOST_FAULTS = 10_000 // that are told one by one
const loneSurrogate = /\p{Surrogate}/u

/** Reads the whole of a JSONL or Parquet file. DataError for one that cannot be read at all; what is wrong with rows is in `faults`. */
export async function openRows(path: string, options: RowsOptions): Promise<Rows> {
  if (!path.endsWith('.parquet')) return index({ path, source: path, descriptor: openOr(path), options })
  const [file, folder] = [await scanLines(path, () => {}), mkdtempSync(join(tmpdir(), 'tapo-rows-'))]
  const source = join(folder, 'rows.jsonl')
  try {
    {
      await using lines = await open(source, 'w')
      await spoolParquet(path, options.fields, lines)
    }
    return await index({ path, source, descriptor: openSync(source, 'r'), options, file })
  } finally {
    rmSync(folder, { recursive: true, force: true }) // what is open can still be read
  }
}

function openOr(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (cause) {
    throw new DataError(`${path}: cannot be read, ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

interface Index {
  readonly path: string // as messages name it
  readonly source: string // its lines
  readonly descriptor: number // of `source`
  readonly options: RowsOptions
  readonly file?: DataFile // where it is not `source`
}

async function index({ path, source, descriptor, options: { name, fields, fault }, file }: Index): Promise<Rows> {
  const columns = { offsets: new Column(), lengths: new Column(), lines: new Column(), ids: new Column() }
  const { offsets, lengths, lines, ids } = columns
  const bytesAt = nearReader(descriptor)
  const close = (): void => {
    for (const column of Object.values(columns)) column.close()
    closeSync(descriptor)
  }
  const faults: Fault[] = []
  let faulty = 0
  const refuse = (line: number, fact: string): void => {
    faulty += 1
    if (faults.length < MOST_FAULTS) faults.push({ line, fact })
  }
  const keep = ({ number, offset, bytes }: Line): void => {
    if (bytes !== undefined && isBlank(bytes)) return
    const reading = readLine(bytes, fields, { set: name, line: number })
    const fact = 'fault' in reading ? reading.fault : fault?.(reading.problem)
    if (fact !== undefined || 'fault' in reading) return refuse(number, fact ?? '')
    offsets.push(offset)
    lengths.push(bytes?.length ?? 0)
    lines.push(number)
    ids.push(keyOf(reading.problem.id))
  }
  const scanned = await scanLines(source, keep).catch((error: unknown) => {
    close()
    throw error
  })
  const again = new Map(repeats(ids).flatMap(([first = 0, ...others]) => others.map((i) => [i, first] as const)))
  for (const [i, first] of again) refuse(lines.at(i), `has the id of line ${lines.at(first)}`)
  const refused = [...again.keys()].toSorted((a, b) => a - b)
  const kept = (i: number): number => i + countBefore(refused, i)
  const read = (i: number): Problem => {
    const reading = readLine(bytesAt(offsets.at(i), lengths.at(i)), fields, { set: name, line: lines.at(i) })
    if ('problem' in reading) return reading.problem
    throw new DataError(`${path}:${lines.at(i)}: was changed while it was in use, ${reading.fault}`)
  }
  return {
    name,
    file: file ?? scanned,
    size: ids.length - again.size,
    at: (i) => read(kept(i)),
    lineOf: (i) => lines.at(kept(i)),
    eachKey(visit) {
      let seen = 0
      ids.each((key, i) => void (again.has(i) || visit(key, seen++)))
    },
    faults: faults.toSorted((a, b) => a.line - b.line),
    faulty,
    place: (line) => (file === undefined ? `${path}:${line}` : `${path}: row ${line}`),
    close,
  }
}

/** Reads a piece of a file, and what stands behind it, since rows are often asked for in order. */
function nearReader(descriptor: number): (offset: number, length: number) => Buffer {
  let near = Buffer.alloc(0)
  let from = 0
  return (offset, length) => {
    if (offset < from || offset + length > from + near.length) {
      const room = Buffer.allocUnsafe(Math.max(length, NEAR_BYTES))
      near = room.subarray(0, readSync(descriptor, room, 0, room.length, offset))
      from = offset
    }
    return near.subarray(offset - from, offset - from + length)
  }
}

/** How many of `refused` (in order) stand before the row that is at `position` without them. */
function countBefore(refused: readonly number[], position: number): number {
  let [low, high] = [0, refused.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((refused[middle] as number) - middle <= position) low = middle + 1
    else high = middle
  }
  return low
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 32 || byte === 9 || byte === 13)
}

function readLine(bytes: Line['bytes'], fields: Fields, place: RowPlace): Reading {
  if (bytes === undefined) return { fault: `longer than ${MOST_LINE_BYTES} bytes` }
  if (!isUtf8(bytes)) return { fault: 'not UTF-8' }
  const text = bytes.toString('utf8')
  const value = parsed(text)
  if (value === undefined) return { fault: `not JSON, ${excerpt(text)}` }
  const reading = readRow(value, fields, place)
  const isBroken =
    'problem' in reading && /\\ud/i.test(text) && Object.values(reading.problem).some((each) => loneSurrogate.test(each as string))
  return isBroken ? { fault: 'holds half of a character, a lone surrogate' } : reading
}

/** Undefined where it is not JSON, which has no undefined of its own. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
