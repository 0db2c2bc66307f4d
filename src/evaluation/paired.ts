/** Two policies on the same problems with the same random numbers: what differs, and whether chance explains it. Pure. */
import { fold, integer, type Seed } from '../random.ts'
import { bootstrap } from './bootstrap.ts'
import type { Interval } from './wilson.ts'

/** `after` minus `before`, in shares of right answers. */
export interface Comparison {
  readonly difference: Interval // mean over problems, 95 % bootstrap over problems
  readonly p: number // two-sided, of a permutation test: how often chance alone gives a mean this far from zero
  readonly detectable: number // the true difference that a sample like this shows (p < 0.05) 8 times in 10
  readonly better: readonly number[] // indices of problems, the largest change first
  readonly worse: readonly number[] // likewise
}

const flipStream = 1_000_000 // the bootstrap draws from the first few thousand
const DRAWS = 10_000 // of sign patterns, 32 signs a random number, where there are too many to try all
const MOST_EXACT = 13 // problems that differ; up to here all signs are tried
const POWER_QUANTILES = 1.959963984540054 + 0.8416212335729143 // normal, at 0.975 and at 0.8

/** Shares of right answers in [0, 1], one for each problem, in the same order. */
export function comparePaired(before: readonly number[], after: readonly number[], seed: Seed): Comparison {
  const changes = after.map((share, i) => share - (before[i] as number))
  const order = [...changes.keys()].toSorted((a, b) => Math.abs(changes[b] as number) - Math.abs(changes[a] as number) || a - b)
  return {
    difference: bootstrap(changes, seed),
    p: signFlipTest(changes, fold(seed, flipStream)),
    detectable: (POWER_QUANTILES * deviation(changes)) / Math.sqrt(changes.length),
    better: order.filter((i) => (changes[i] as number) > 0),
    worse: order.filter((i) => (changes[i] as number) < 0),
  }
}

/**
 * If neither policy were better, each problem's change could as well have had the other sign. The share of sign patterns whose mean
 * is at least as far from zero as the observed one (Fisher 1935): of all of them, or of random ones with the observed one among them.
 */
export function signFlipTest(changes: readonly number[], seed: Seed): number {
  const moved = changes.filter((change) => change !== 0)
  const observed = Math.abs(moved.reduce((sum, change) => sum + change, 0)) - 1e-9 // sums in another order round otherwise
  const isFar = (flips: readonly number[]): boolean => {
    const isFlipped = (i: number): boolean => (((flips[i >>> 5] as number) >>> (i & 31)) & 1) === 1
    return Math.abs(moved.reduce((sum, change, i) => sum + (isFlipped(i) ? -change : change), 0)) >= observed
  }
  let far = 0
  if (moved.length <= MOST_EXACT) {
    for (let pattern = 0; pattern < 2 ** moved.length; pattern++) if (isFar([pattern])) far++
    return far / 2 ** moved.length
  }
  const words = Math.ceil(moved.length / 32)
  for (let draw = 0; draw < DRAWS; draw++)
    if (isFar(Array.from({ length: words }, (_, word) => integer(seed, draw * words + word, 2 ** 32)))) far++
  return (far + 1) / (DRAWS + 1)
}

/** Of a sample. */
function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}
