/** The rows that the bench gives: as JSON for scripts, as a table for people. */
import type { Case } from './cases.ts'
import type { Figures } from './measure.ts'
import { operationsPerToken } from './operations.ts'

export interface Row {
  readonly shape: string
  readonly measure: string
  readonly variant: string // '' is the row to quote
  readonly tokensPerSecond: number
  readonly seconds: number // of one repetition, median
  readonly peakRssMb: number
  readonly gflops: number // useful ones per second
  readonly peakShare: number // of the matrix peak measured in the same run
  readonly torch?: Figures
  readonly ratio?: number // ours / PyTorch's, tokens per second
  readonly memoryRatio?: number // ours / PyTorch's, peak memory
}

/** `peak` in floating-point operations per second. */
export function rowOf(benchCase: Case, ours: Figures, theirs: Figures | undefined, peak: number): Row {
  const operations = ours.tokensPerSecond * operationsPerToken(benchCase)
  return {
    shape: benchCase.shape.name,
    measure: benchCase.measure,
    variant: benchCase.variant,
    ...ours,
    gflops: operations / 1e9,
    peakShare: operations / peak,
    ...(theirs === undefined
      ? {}
      : { torch: theirs, ratio: ours.tokensPerSecond / theirs.tokensPerSecond, memoryRatio: ours.peakRssMb / theirs.peakRssMb }),
  }
}

const COLUMNS: readonly (readonly [string, (row: Row) => string])[] = [
  ['shape', (row) => row.shape],
  ['measure', (row) => row.measure],
  ['', (row) => row.variant],
  ['tokens/s', (row) => row.tokensPerSecond.toFixed(0)],
  ['us/token', (row) => (1e6 / row.tokensPerSecond).toFixed(0)],
  ['seconds', (row) => row.seconds.toFixed(3)],
  ['peak MB', (row) => row.peakRssMb.toFixed(0)],
  ['GFLOP/s', (row) => row.gflops.toFixed(0)],
  ['of peak', (row) => `${(100 * row.peakShare).toFixed(0)} %`],
  ['torch tokens/s', (row) => row.torch?.tokensPerSecond.toFixed(0) ?? ''],
  ['ratio', (row) => row.ratio?.toFixed(2) ?? ''],
  ['torch MB', (row) => row.torch?.peakRssMb.toFixed(0) ?? ''],
]

const WIDTHS = [5, 7, 11, 8, 8, 8, 7, 7, 7, 14, 5, 8]

export function header(): string {
  return line(COLUMNS.map(([title]) => title))
}

export function tableLine(row: Row): string {
  return line(COLUMNS.map(([, cell]) => cell(row)))
}

/** Names to the left, numbers to the right. */
function line(cells: readonly string[]): string {
  return cells
    .map((cell, at) => (at < 3 ? cell.padEnd(WIDTHS[at] ?? 0) : cell.padStart(WIDTHS[at] ?? 0)))
    .join('  ')
    .trimEnd()
}
