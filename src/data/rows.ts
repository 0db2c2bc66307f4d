/**
 * The problems of one file, read by position: a pass over the file checks every row and keeps where it stands, a few numbers each, so
 * memory does not grow with what the rows hold. The file stays open, so that one that is replaced meanwhile changes nothing.
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
  readonly keys: Float64Array // of the ids, see column.ts
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
  const [offsets, lengths, lines, ids] = [new Column(), new Column(Uint32Array), new Column(Uint32Array), new Column()]
  const faults: Fault[] = []
  let faulty = 0
  const refuse = (line: number, fact: string): void => {
    faulty += 1
    if (faults.length < MOST_FAULTS) faults.push({ line, fact })
  }
  const scanned = await scanLines(source, ({ number, offset, bytes }) => {
    if (bytes !== undefined && isBlank(bytes)) return
    const reading = readLine(bytes, fields, { set: name, line: number })
    const fact = 'fault' in reading ? reading.fault : fault?.(reading.problem)
    if (fact !== undefined || 'fault' in reading) return refuse(number, fact ?? '')
    for (const [column, value] of [
      [offsets, offset],
      [lengths, bytes?.length ?? 0],
      [lines, number],
    ] as const)
      column.push(value)
    ids.push(keyOf(reading.problem.id))
  })
  const keys = ids.values()
  const kept = withoutRepeats(keys, (i, first) => refuse(lines.at(i), `has the id of line ${lines.at(first)}`))
  const read = (i: number): Problem => {
    const bytes = Buffer.allocUnsafe(lengths.at(i))
    readSync(descriptor, bytes, 0, bytes.length, offsets.at(i))
    const reading = readLine(bytes, fields, { set: name, line: lines.at(i) })
    if ('problem' in reading) return reading.problem
    throw new DataError(`${path}:${lines.at(i)}: was changed while it was in use, ${reading.fault}`)
  }
  return {
    name,
    file: file ?? scanned,
    size: kept.length,
    at: (i) => read(kept[i] as number),
    lineOf: (i) => lines.at(kept[i] as number),
    keys: kept.length === keys.length ? keys : Float64Array.from(kept, (i) => keys[i] as number),
    faults: faults.toSorted((a, b) => a.line - b.line),
    faulty,
    place: (line) => (file === undefined ? `${path}:${line}` : `${path}: row ${line}`),
    close: () => closeSync(descriptor),
  }
}

/** Positions without those whose key was there before. */
function withoutRepeats(keys: Float64Array, tell: (index: number, first: number) => void): Uint32Array {
  const again = new Set<number>()
  for (const [first, ...others] of repeats(keys)) {
    for (const i of others) {
      again.add(i)
      tell(i, first as number)
    }
  }
  const kept = new Uint32Array(keys.length - again.size)
  let size = 0
  for (let i = 0; i < keys.length; i++) if (!again.has(i)) kept[size++] = i
  return kept
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
