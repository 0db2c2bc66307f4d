import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logSoftmax } from './distribution.ts'
import { divergenceOf } from './divergence.ts'
import type { Direction } from './engine.ts'

const directions: readonly Direction[] = ['forward', 'reverse', 'jsd']
const logs = (...probabilities: number[]): Float64Array => Float64Array.from(probabilities, Math.log)
const [teacher, student] = [logs(0.8, 0.2), logs(0.5, 0.5)]

test('two words, 0.8 and 0.2 taught to 0.5 and 0.5: each divergence by hand', () => {
  const whole = (direction: Direction): number => divergenceOf(teacher, student, { direction, cap: Infinity }).whole
  expect(whole('forward')).toBeCloseTo(0.8 * Math.log(1.6) + 0.2 * Math.log(0.4), 12)
  expect(whole('reverse')).toBeCloseTo(0.5 * Math.log(1 / 1.6) + 0.5 * Math.log(1 / 0.4), 12)
  const half = (0.8 * Math.log(0.8 / 0.65) + 0.2 * Math.log(0.2 / 0.35) + 0.5 * Math.log(0.5 / 0.65) + 0.5 * Math.log(0.5 / 0.35)) / 2
  expect(whole('jsd')).toBeCloseTo(half, 12)
})

test("uncapped, the forward gradient is the student's probabilities less the teacher's", () => {
  const { gradient, capped, whole } = divergenceOf(teacher, student, { direction: 'forward', cap: Infinity })
  expect(Array.from(gradient, (value) => Number(value.toFixed(12)))).toEqual([-0.3, 0.3])
  expect(capped).toBe(whole)
})

test('a term above the cap counts the cap and has no gradient', () => {
  // forward terms: 0.8 log 1.6 = 0.376, 0.2 log 0.4 = -0.183; slopes within the cap: 0, -0.2
  const { gradient, capped } = divergenceOf(teacher, student, { direction: 'forward', cap: 0.05 })
  expect(capped).toBeCloseTo(0.05 + 0.2 * Math.log(0.4), 12)
  expect(gradient[0]).toBeCloseTo(0.5 * 0.2, 12)
  expect(gradient[1]).toBeCloseTo(-0.2 + 0.5 * 0.2, 12)
})

test('of a distribution from itself there is nothing, though a word be as good as impossible', () => {
  const same = logSoftmax([0, -800, 3])
  for (const direction of directions) {
    const { whole, gradient } = divergenceOf(same, same, { direction, cap: 0.05 })
    expect([whole, ...gradient].every((value) => Math.abs(value) < 1e-15)).toBe(true)
  }
})

test('the gradient is that of central differences, whatever is capped', () => {
  const logits = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 5, maxLength: 5 })
  fc.assert(
    fc.property(logits, logits, fc.constantFrom(...directions), fc.constantFrom(0.02, 0.05, Infinity), (mine, yours, direction, cap) => {
      const target = logSoftmax(mine)
      const at = (values: readonly number[]): number => divergenceOf(target, logSoftmax(values), { direction, cap }).capped
      const { gradient } = divergenceOf(target, logSoftmax(yours), { direction, cap })
      const step = 1e-6
      yours.forEach((value, v) => {
        const ends = [-step, 0, step].map((change) => at(yours.with(v, value + change))) as [number, number, number]
        const [left, right] = [(ends[1] - ends[0]) / step, (ends[2] - ends[1]) / step]
        fc.pre(Math.abs(left - right) < 1e-4) // not where a term just meets the cap
        expect(gradient[v]).toBeCloseTo((left + right) / 2, 4)
      })
    }),
  )
})
