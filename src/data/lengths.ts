/** Lengths as a histogram by powers of two, with quantiles. Pure. */

export interface Lengths {
  readonly count: number
  readonly mean: number
  readonly median: number
  readonly p95: number // 95 of 100 are at most so long
  readonly longest: number
  readonly histogram: readonly { readonly from: number; readonly below: number; readonly count: number }[] // without empty ends
}

/** Undefined of none. */
export function lengthsOf(values: Float64Array): Lengths | undefined {
  if (values.length === 0) return undefined
  const sorted = Float64Array.from(values).sort()
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] as number
  return {
    count: sorted.length,
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    median: at(0.5),
    p95: at(0.95),
    longest: at(1),
    histogram: histogram(sorted),
  }
}

/** Bins [0, 1), [1, 2), [2, 4) ... from the one of the shortest to the one of the longest. */
function histogram(sorted: Float64Array): Lengths['histogram'] {
  const binOf = (value: number): number => (value < 1 ? 0 : 1 + Math.floor(Math.log2(value)))
  const first = binOf(sorted[0] as number)
  const counts = Array.from({ length: binOf(sorted.at(-1) as number) - first + 1 }, () => 0)
  for (const value of sorted) counts[binOf(value) - first]! += 1
  return counts.map((count, i) => {
    const bin = first + i
    return { from: bin === 0 ? 0 : 2 ** (bin - 1), below: 2 ** bin, count }
  })
}
