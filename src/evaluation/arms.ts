/**
 * Methods compared over several seeds. The run is the unit: another seed gives another model, and answers of one model are more alike
 * than those of two. Intervals draw runs and problems again, the test swaps runs between the methods. Pure.
 */
import { fold, integer, type Seed, uniform } from '../random.ts'
import { meanOf, quantile } from './bootstrap.ts'
import type { Interval } from './wilson.ts'

/** Shares of right answers in [0, 1]: runs of one method, each with the same problems in the same order. */
export type Runs = readonly (readonly number[])[]

const RESAMPLES = 2000
const permutationStream = 1_000_000 // the resamples are the first few thousand
const DRAWS = 10_000 // of swaps, where there are too many to try all
const MOST_EXACT = 16 // runs of both methods; up to here all swaps are tried

/** Problems drawn with replacement, once for all intervals that are to be compared. */
export interface Resamples {
  readonly seed: Seed
  readonly problems: readonly Uint32Array[] // one drawing each
}

export function resamplesOf(problems: number, seed: Seed): Resamples {
  const drawn = (draw: Seed): Uint32Array => Uint32Array.from({ length: problems }, (_, i) => integer(draw, i, problems))
  return { seed, problems: Array.from({ length: RESAMPLES }, (_, i) => drawn(fold(seed, i))) }
}

/** Mean over runs and problems, with the 95 % interval of other seeds and other problems of the kind. */
export function meanOfRuns(runs: Runs, resamples: Resamples): Interval {
  return interval(meanOf(runs.map(meanOf)), (problems, draw) => resampledMean(runs, problems, fold(draw, 1)), resamples)
}

/** `method` minus `reference`, whose runs answered the same problems: these are drawn once for both. */
export function differenceOfRuns(reference: Runs, method: Runs, resamples: Resamples): Interval {
  const difference = (problems: Uint32Array, draw: Seed): number =>
    resampledMean(method, problems, fold(draw, 1)) - resampledMean(reference, problems, fold(draw, 2))
  return interval(meanOf(method.map(meanOf)) - meanOf(reference.map(meanOf)), difference, resamples)
}

/**
 * Two-sided: if the methods were alike, any of the runs could have been of either. The share of the ways to part all runs into two such
 * sets whose means differ at least as much.
 */
export function permutationTest(reference: Runs, method: Runs, seed: Seed): number {
  const means = [...reference, ...method].map(meanOf)
  const apart = (chosen: readonly number[]): number => {
    const inside = chosen.reduce((sum, i) => sum + (means[i] as number), 0)
    const all = means.reduce((sum, mean) => sum + mean, 0)
    return Math.abs(inside / chosen.length - (all - inside) / (means.length - chosen.length))
  }
  const observed = apart(method.map((_, i) => reference.length + i)) - 1e-12 // sums in another order round otherwise
  if (means.length <= MOST_EXACT) {
    const ways = subsets(means.length, method.length)
    return ways.filter((chosen) => apart(chosen) >= observed).length / ways.length
  }
  let far = 1
  for (let i = 0; i < DRAWS; i++) if (apart(drawnSubset(means.length, method.length, fold(seed, permutationStream, i))) >= observed) far++
  return far / (DRAWS + 1)
}

/** The least that `permutationTest` can give for so many runs of each: one way in all, or two where both have as many and may change places. */
export function leastP(reference: number, method: number): number {
  const all = reference + method
  if (all > MOST_EXACT) return 1 / (DRAWS + 1)
  const ways = Array.from({ length: method }, (_, i) => (all - i) / (i + 1)).reduce((product, factor) => product * factor, 1)
  return (reference === method ? 2 : 1) / ways
}

function interval(value: number, figure: (problems: Uint32Array, draw: Seed) => number, { seed, problems }: Resamples): Interval {
  const draws = Float64Array.from(problems, (drawn, i) => figure(drawn, fold(seed, i))).sort()
  return { value, low: quantile(draws, 0.025), high: quantile(draws, 0.975) }
}

/** Of as many runs, drawn with replacement, on these problems. */
function resampledMean(runs: Runs, problems: Uint32Array, seed: Seed): number {
  let sum = 0
  runs.forEach((_, i) => {
    const run = runs[integer(seed, i, runs.length)] as readonly number[]
    for (const problem of problems) sum += run[problem] as number
  })
  return sum / (runs.length * problems.length)
}

/** Every set of `size` numbers below `count`. */
function subsets(count: number, size: number, from: number = 0): number[][] {
  if (size === 0) return [[]]
  const sets: number[][] = []
  for (let first = from; first <= count - size; first++) for (const rest of subsets(count, size - 1, first + 1)) sets.push([first, ...rest])
  return sets
}

function drawnSubset(count: number, size: number, seed: Seed): number[] {
  const order = Array.from({ length: count }, (_, i) => i).toSorted((a, b) => uniform(seed, a) - uniform(seed, b))
  return order.slice(0, size)
}

/** Holm's step-down adjustment (Holm 1979): p values of several comparisons, such that one below 0.05 means what it says among them all. */
export function holm(ps: readonly number[]): number[] {
  const order = [...ps.keys()].toSorted((a, b) => (ps[a] as number) - (ps[b] as number))
  const adjusted = [...ps]
  let largest = 0
  order.forEach((i, rank) => {
    largest = Math.max(largest, Math.min(1, (ps.length - rank) * (ps[i] as number)))
    adjusted[i] = largest
  })
  return adjusted
}
