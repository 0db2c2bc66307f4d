import { assert, array, integer as whole, property } from 'fast-check'
import { expect, test } from 'vitest'
import { seedOf } from '../random.ts'
import { comparePaired, signFlipTest } from './paired.ts'

const eighths = (...counts: number[]): number[] => counts.map((count) => count / 8)
const before = eighths(0, 2, 4, 8, 3, 5, 1, 6, 7, 2)
const after = eighths(1, 2, 6, 8, 5, 4, 3, 8, 7, 5)

test('changes of 1, 2, 2, -1, 2, 2 and 3 eighths: 6 of 128 sign patterns have a sum of 11 or more, as scipy says', () => {
  // The absolute values sum to 13: at most one of the two 1s may have the other sign, and everything may be mirrored.
  const found = comparePaired(before, after, seedOf(1))
  expect(found.p).toBe(6 / 128) // scipy.stats.permutation_test(permutation_type='samples'): 0.046875
  expect(found.difference.value).toBeCloseTo(0.1375, 12)
  expect(found.detectable).toBeCloseTo(0.14249044, 7) // (norm.ppf(0.975) + norm.ppf(0.8)) * std(ddof=1) / sqrt(10)
  expect([found.better, found.worse]).toEqual([[9, 2, 4, 6, 7, 0], [5]])
})

test('many problems are tested with random signs: close to the normal approximation', () => {
  const changes = Array.from({ length: 100 }, (_, i) => (i < 60 ? 1 : -1))
  expect(signFlipTest(changes, seedOf(2))).toBeGreaterThan(0.045) // exact, binomial: 0.0569
  expect(signFlipTest(changes, seedOf(2))).toBeLessThan(0.07)
})

test('no change has p 1, and a mirrored comparison the same p', () => {
  expect(comparePaired(before, before, seedOf(1))).toMatchObject({ p: 1, difference: { value: 0, low: 0, high: 0 }, better: [], worse: [] })
  assert(
    property(array(whole({ min: -8, max: 8 }), { minLength: 1, maxLength: 12 }), (changes) => {
      const mirrored = changes.map((change) => -change)
      expect(signFlipTest(changes, seedOf(3))).toBe(signFlipTest(mirrored, seedOf(3)))
    }),
  )
})
