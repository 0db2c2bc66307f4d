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
  readonly peer?: Figures & { readonly name: string } // the same work in PyTorch or TRL
  readonly ratio?: number // ours / the peer's, tokens per second
  readonly memoryRatio?: number // ours / the peer's, peak memory
}

/** `peak` in floating-point operations per second. */
export function rowOf(benchCase: Case, ours: Figures, theirs: Figures | undefined, peak: number): Row {
  const { shape, variant, peer } = benchCase
  const operations = ours.tokensPerSecond * operationsPerToken(benchCase)
  const alone: Row = {
    shape: shape.name,
    measure: measureOf(benchCase),
    variant,
    ...ours,
    gflops: operations / 1e9,
    peakShare: operations / peak,
  }
  if (theirs === undefined || peer === undefined) return alone
  const ratio = ours.tokensPerSecond / theirs.tokensPerSecond
  return { ...alone, peer: { name: peer, ...theirs }, ratio, memoryRatio: ours.peakRssMb / theirs.peakRssMb }
}

/** Which of the four measures a case is. */
export function measureOf({ kind }: Case): string {
  return kind === 'loop' ? 'step' : kind
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
  ['peer tokens/s', (row) => row.peer?.tokensPerSecond.toFixed(0) ?? ''],
  ['ratio', (row) => row.ratio?.toFixed(2) ?? ''],
  ['peer MB', (row) => row.peer?.peakRssMb.toFixed(0) ?? ''],
]

const WIDTHS = [5, 7, 11, 8, 8, 8, 7, 7, 7, 13, 5, 7]

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
