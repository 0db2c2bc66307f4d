import { assert, integer, nat, property } from 'fast-check'
import { expect, test } from 'vitest'
import { seedOf } from '../random.ts'
import { bootstrap } from './bootstrap.ts'
import { passAtK, powersUpTo } from './pass-at-k.ts'
import { reflectionRates } from './reflection-rates.ts'
import { wilson } from './wilson.ts'

test('the Wilson interval gives the textbook numbers', () => {
  const half = wilson(5, 10)
  expect(half.value).toBe(0.5)
  expect(half.low).toBeCloseTo(0.2366, 4)
  expect(half.high).toBeCloseTo(0.7634, 4)
  const none = wilson(0, 10)
  expect(none.low).toBe(0)
  expect(none.high).toBeCloseTo(0.2775, 4) // z^2 / (10 + z^2)
  expect(wilson(81, 263).low).toBeCloseTo(0.2553, 4) // Newcombe 1998, table I
  expect(wilson(81, 263).high).toBeCloseTo(0.3662, 4)
})

test('a Wilson interval holds its value and stays in [0, 1]', () => {
  assert(
    property(integer({ min: 1, max: 2000 }), nat(), (total, n) => {
      const { value, low, high } = wilson(n % (total + 1), total)
      expect(low).toBeGreaterThanOrEqual(0)
      expect(high).toBeLessThanOrEqual(1)
      expect(low <= value + 1e-12 && value - 1e-12 <= high).toBe(true)
    }),
  )
})

test('pass@k by hand: 4 answers of which 1 is right', () => {
  expect(passAtK(4, 1, 1)).toBeCloseTo(1 / 4, 12)
  expect(passAtK(4, 1, 2)).toBeCloseTo(1 / 2, 12) // 1 - C(3,2) / C(4,2) = 1 - 3/6
  expect(passAtK(4, 1, 3)).toBeCloseTo(3 / 4, 12)
  expect(passAtK(4, 1, 4)).toBe(1)
  expect(passAtK(4, 0, 4)).toBe(0)
  expect(powersUpTo(12)).toEqual([1, 2, 4, 8, 12])
  expect(powersUpTo(8)).toEqual([1, 2, 4, 8])
})

test('pass@k does not fall as k grows, and pass@1 is the share that is right', () => {
  assert(
    property(integer({ min: 1, max: 64 }), nat(), (n, r) => {
      const right = r % (n + 1)
      const values = Array.from({ length: n }, (_, i) => passAtK(n, right, i + 1))
      expect(values[0]).toBeCloseTo(right / n, 12)
      expect(values.every((value, i) => i === 0 || value >= (values[i - 1] as number) - 1e-12)).toBe(true)
    }),
  )
})

test('the bootstrap interval of many equal halves is that of their standard error', () => {
  const values = Array.from({ length: 400 }, (_, i) => i % 2)
  const { value, low, high } = bootstrap(values, seedOf(1))
  expect(value).toBe(0.5)
  expect(low).toBeCloseTo(0.5 - 1.96 * 0.025, 1.5) // standard error 0.5 / sqrt(400)
  expect(high).toBeCloseTo(0.5 + 1.96 * 0.025, 1.5)
  expect(Math.abs(high - low - 2 * 1.96 * 0.025)).toBeLessThan(0.01)
})

test('the bootstrap is a function of its seed, and values that are all alike have no width', () => {
  expect(bootstrap([0, 1, 1], seedOf(5), 100)).toEqual(bootstrap([0, 1, 1], seedOf(5), 100))
  expect(bootstrap([0.25, 0.25], seedOf(5), 100)).toEqual({ value: 0.25, low: 0.25, high: 0.25 })
})

test('reflection rates by hand: 2 direct right, 1 reflecting right, 2 reflecting wrong, 1 direct wrong', () => {
  const answer = (right: boolean, reflects: boolean): { right: boolean; reflects: boolean } => ({ right, reflects })
  const answers = [
    answer(true, false),
    answer(true, false),
    answer(true, true),
    answer(false, true),
    answer(false, true),
    answer(false, false),
  ]
  expect(reflectionRates(answers)).toEqual({
    reflectionRate: wilson(3, 6),
    directSolutionRate: wilson(2, 3),
    effectiveReflectionRate: wilson(1, 3),
    directlyRight: wilson(2, 6),
  })
})
