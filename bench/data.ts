/**
 * Reading a data set with every check, the verifier's on the gold answers included, and in the same run what a loop of JSON.parse over its
 * lines takes, each in a process of its own. A file of ten times the size says whether memory grows with it.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Reading } from './data-reader.ts'

export interface DataRow extends Reading {
  readonly measure: 'data'
  readonly variant: string // what the gold answers are
  readonly megabytes: number // of the file
  readonly baseline: Reading // JSON.parse of every line
  readonly ratio: number // the baseline's seconds by ours
}

const READER = fileURLToPath(new URL('./data-reader.js', import.meta.url))
const CORPUS = fileURLToPath(new URL('../../../corpus/verifier.jsonl', import.meta.url))
const ROWS = 100_000
const WRITTEN = 1000 // rows at once

/** Gives each row as soon as it is measured. */
export function* dataRows(rounds: number): Generator<DataRow> {
  const corpus = readFileSync(CORPUS, 'utf8').trimEnd().split('\n')
  const golds = [...new Set(corpus.map((line) => (JSON.parse(line) as { readonly gold: string }).gold))]
  const integer = (i: number): string => String(i % 1000)
  yield dataRow('integers', ROWS, integer, rounds)
  yield dataRow("the corpus's", ROWS, (i) => golds[i % golds.length] as string, rounds)
  yield dataRow('integers', 10 * ROWS, integer, 1)
}

export function dataLine({ variant, rows, megabytes, seconds, peakRssMb, baseline, ratio }: DataRow): string {
  const peer = `JSON.parse ${baseline.seconds.toFixed(2)} s, ${baseline.peakRssMb} MB, ratio ${ratio.toFixed(2)}`
  const file = `data  ${rows.toLocaleString('en-US')} rows (${megabytes.toFixed(0)} MB), gold answers ${variant}`
  return `${file}: ${seconds.toFixed(2)} s of the processor, peak ${peakRssMb} MB; ${peer}`
}

function dataRow(variant: string, rows: number, gold: (i: number) => string, rounds: number): DataRow {
  const folder = mkdtempSync(join(tmpdir(), 'tapo-bench-'))
  try {
    const path = join(folder, 'rows.jsonl')
    const bytes = write(path, rows, gold)
    const turns = Array.from({ length: rounds }, () => [read('tapo', path), read('parse', path)] as const)
    const [ours, baseline] = [median(turns.map(([first]) => first)), median(turns.map(([, second]) => second))]
    if (ours.rows !== rows) throw new Error(`${path}: ${ours.rows} rows of ${rows} were read`)
    return { measure: 'data', variant, megabytes: bytes / 1e6, ...ours, baseline, ratio: baseline.seconds / ours.seconds }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function write(path: string, rows: number, gold: (i: number) => string): number {
  const file = openSync(path, 'w')
  let bytes = 0
  for (let from = 0; from < rows; from += WRITTEN)
    bytes += writeSync(file, Array.from({ length: WRITTEN }, (_, i) => `${JSON.stringify(rowOf(from + i, gold))}\n`).join(''))
  closeSync(file)
  return bytes
}

/** About 600 bytes. */
function rowOf(i: number, gold: (i: number) => string): Readonly<Record<string, string>> {
  const problem = `Problem ${i}: ${'A train leaves the station at noon and goes on. '.repeat(5)}`
  return { id: `problem-${i}`, problem, answer: gold(i), solution: 'First we see that this is so. '.repeat(10) }
}

function read(reader: 'tapo' | 'parse', path: string): Reading {
  const { status, stdout, stderr } = spawnSync(process.execPath, [READER, reader, path], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${READER} ${reader}: exit code ${status}; ${stderr}`)
  return JSON.parse(stdout) as Reading
}

/** By seconds. */
function median(readings: readonly Reading[]): Reading {
  return readings.toSorted((a, b) => a.seconds - b.seconds)[(readings.length - 1) >> 1] as Reading
}
