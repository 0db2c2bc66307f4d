import { expect, test } from 'vitest'
import { seedOf } from '../random.ts'
import { differenceOfRuns, holm, leastP, meanOfRuns, permutationTest, resamplesOf, type Runs } from './arms.ts'

const resamples = resamplesOf(20, seedOf(1))

/** Runs that are right on every problem to the same share. */
const flat = (...shares: number[]): Runs => shares.map((share) => Array.from({ length: 20 }, () => share))

test('three seeds against three, all better: 2 of 20 ways to part six runs are as far apart', () => {
  expect(permutationTest(flat(0.1, 0.2, 0.3), flat(0.5, 0.6, 0.7), seedOf(1))).toBe(2 / 20)
  expect(permutationTest(flat(0.5, 0.6, 0.7), flat(0.1, 0.2, 0.3), seedOf(1))).toBe(2 / 20)
  // Sums 0.9 and 1.5. Of the 10 partings, those with a side of 0.9 or less: 1+2+3, 1+2+5, 1+3+5 and itself, 1+2+6.
  expect(permutationTest(flat(0.1, 0.2, 0.6), flat(0.3, 0.5, 0.7), seedOf(1))).toBe(4 / 10)
  expect(permutationTest(flat(0.4, 0.4), flat(0.4, 0.4), seedOf(1))).toBe(1)
})

test('the least p of so many runs is that of the one way that is furthest, or of the two where both sides have as many', () => {
  expect(leastP(3, 3)).toBe(permutationTest(flat(0.1, 0.2, 0.3), flat(0.5, 0.6, 0.7), seedOf(1)))
  expect(leastP(5, 3)).toBeCloseTo(permutationTest(flat(0.1, 0.2, 0.3, 0.2, 0.1), flat(0.9, 0.8, 0.7), seedOf(1)), 12)
  expect([leastP(5, 5), leastP(5, 3), leastP(1, 1), leastP(10, 10)]).toEqual([2 / 252, 1 / 56, 1, 1 / 10_001])
})

test('many runs are parted at random, as often as not further apart where there is no difference', () => {
  const alike = Array.from({ length: 20 }, (_, i) => (i % 10) / 10)
  expect(permutationTest(flat(...alike.slice(0, 10)), flat(...alike.slice(10)), seedOf(1))).toBeGreaterThan(0.9)
  expect(permutationTest(flat(...alike), flat(...alike.map((share) => share + 1)), seedOf(1))).toBeLessThan(0.001)
})

test('an interval without spread over runs or problems has no width, and one over runs alone holds them', () => {
  expect(meanOfRuns(flat(0.5, 0.5, 0.5), resamples)).toEqual({ value: 0.5, low: 0.5, high: 0.5 })
  const { value, low, high } = meanOfRuns(flat(0.2, 0.4), resamples)
  expect([value, low, high].map((share) => share.toFixed(2))).toEqual(['0.30', '0.20', '0.40'])
})

test('problems are shared: a difference that is the same on each has the width of the runs alone', () => {
  const problems = Array.from({ length: 20 }, (_, i) => i / 40)
  const [reference, method] = [
    [problems, problems],
    [problems.map((share) => share + 0.25), problems.map((share) => share + 0.25)],
  ]
  const { value, low, high } = differenceOfRuns(reference, method, resamples)
  expect([value, low, high].map((share) => share.toFixed(6))).toEqual(['0.250000', '0.250000', '0.250000'])
})

test("Holm's adjustment by hand: 0.01, 0.04, 0.03 become 0.03, 0.06, 0.06", () => {
  const adjusted = holm([0.01, 0.04, 0.03])
  ;[0.03, 0.06, 0.06].forEach((value, i) => expect(adjusted[i]).toBeCloseTo(value, 12))
  expect(holm([0.6, 0.7])).toEqual([1, 1])
})
