/** The percentile bootstrap of a mean, seeded. Pure. */
import { fold, integer, type Seed } from '../random.ts'
import type { Interval } from './wilson.ts'

/**
 * The mean of `values` with the 95 % interval of the means of `resamples` samples drawn with replacement (Efron 1979).
 * With one value for each problem it answers: how much would the figure move on other problems of this kind? NaN for no
 * values.
 */
export function bootstrap(values: readonly number[], seed: Seed, resamples: number = 2000): Interval {
  const means = Float64Array.from({ length: resamples }, (_, i) => resampledMean(values, fold(seed, i))).sort()
  return { value: meanOf(values), low: quantile(means, 0.025), high: quantile(means, 0.975) }
}

function resampledMean(values: readonly number[], seed: Seed): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[integer(seed, i, values.length)] as number
  return sum / values.length
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
