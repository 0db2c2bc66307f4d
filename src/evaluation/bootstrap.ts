/** The percentile bootstrap of a mean, seeded. Pure. */
import { fold, integer, type Seed } from '../random.ts'
import type { Interval } from './wilson.ts'

/**
 * The mean of `values` with the 95 % interval of the means of `resamples` samples drawn with replacement (Efron 1979).
 * With one value for each problem it answers: how much would the figure move on other problems of this kind? NaN for no
 * values.
 */
export function bootstrap(values: readonly number[], seed: Seed, resamples: number = 2000): Interval {
  return bootstraps([values], seed, resamples)[0] as Interval
}

/** The same of several columns over the same problems, which are drawn once for all of them. */
export function bootstraps(columns: readonly (readonly number[])[], seed: Seed, resamples: number = 2000): Interval[] {
  const means = columns.map(() => new Float64Array(resamples))
  const count = columns[0]?.length ?? 0
  for (let i = 0; i < resamples; i++) {
    const draw = fold(seed, i)
    const places = Uint32Array.from({ length: count }, (_, j) => integer(draw, j, count))
    columns.forEach((column, c) => {
      let sum = 0
      for (const place of places) sum += column[place] as number
      ;(means[c] as Float64Array)[i] = sum / count
    })
  }
  return columns.map((column, c) => intervalOf(meanOf(column), means[c] as Float64Array))
}

/** The mean of the means of several sets, each drawn again by itself. */
export function bootstrapOfSets(sets: readonly (readonly number[])[], seed: Seed, resamples: number = 2000): Interval {
  const resampledMeanOf = (values: readonly number[], draw: Seed): number =>
    meanOf(values.map((_, j) => values[integer(draw, j, values.length)] as number))
  const means = Float64Array.from({ length: resamples }, (_, i) =>
    meanOf(sets.map((values, set) => resampledMeanOf(values, fold(seed, i, set)))),
  )
  return intervalOf(meanOf(sets.map(meanOf)), means)
}

function intervalOf(value: number, means: Float64Array): Interval {
  const sorted = means.sort()
  return { value, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) }
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Linear between the two nearest of `sorted`. */
export function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1)
  const below = sorted[Math.floor(position)] as number
  const above = sorted[Math.ceil(position)] as number
  return below + (above - below) * (position - Math.floor(position))
}
