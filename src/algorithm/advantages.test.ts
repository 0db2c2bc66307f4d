import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { advantages, defaultBaseline, hasZeroVariance } from './advantages.ts'

const binary = fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 16 })

test('one right of four: mean 1/4, population deviation sqrt(3)/4', () => {
  const std = Math.sqrt(3) / 4 + 1e-6
  expect(advantages([1, 0, 0, 0])).toEqual([0.75 / std, -0.25 / std, -0.25 / std, -0.25 / std])
  expect(advantages([1, 0, 0, 0])[0]).toBeCloseTo(Math.sqrt(3), 5)
})

test('who is not compared has no advantage and changes nobody else', () => {
  expect(advantages([1, undefined, 0, 0, 0])).toEqual(advantages([1, 0, 0, 0]).toSpliced(1, 0, 0))
  expect(hasZeroVariance([undefined, 0, 0])).toBe(true)
  expect(advantages([undefined, 1, undefined])).toEqual([0, 0, 0])
})

test('the sample deviation divides by n - 1: two right of four give sqrt(1/3)', () => {
  const std = Math.sqrt(1 / 3) + 1e-6
  expect(advantages([1, 1, 0, 0], { deviation: 'sample', epsilon: 1e-6 })).toEqual([0.5 / std, 0.5 / std, -0.5 / std, -0.5 / std])
})

test('epsilon is added to the deviation: two right of four, deviation 1/2, epsilon 1/2, give halves', () => {
  expect(advantages([1, 1, 0, 0], { deviation: 'population', epsilon: 0.5 })).toEqual([0.5, 0.5, -0.5, -0.5])
})

test('one right of four, without a deviation: 3/4 and -1/4; against the others: 1 and -1/3', () => {
  expect(advantages([1, 0, 0, 0], { deviation: 'none', epsilon: 1 })).toEqual([0.75, -0.25, -0.25, -0.25])
  const apart = advantages([1, 0, 0, 0], { deviation: 'leave-one-out', epsilon: 1 })
  ;[1, -1 / 3, -1 / 3, -1 / 3].forEach((value, i) => expect(apart[i]).toBeCloseTo(value, 12))
})

test('a group without variance has advantages of exactly 0', () => {
  for (const rewards of [[], [1], [0], [1, 1, 1], [0, 0]]) {
    expect(hasZeroVariance(rewards)).toBe(true)
    expect(advantages(rewards)).toEqual(rewards.map(() => 0))
    expect(advantages(rewards, { deviation: 'sample', epsilon: 0 })).toEqual(rewards.map(() => 0))
  }
})

test('advantages sum to 0, rise with the reward, and follow the members wherever they stand', () => {
  fc.assert(
    fc.property(binary, (rewards) => {
      const values = advantages(rewards)
      expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 9)
      values.forEach((value, i) => expect(Math.sign(value)).toBe(hasZeroVariance(rewards) ? 0 : rewards[i] === 1 ? 1 : -1))
      advantages(rewards.toReversed()).forEach((value, i) => expect(value).toBeCloseTo(values.at(-1 - i)!, 12))
    }),
  )
})

test('with the population deviation the squares average 1, up to epsilon', () => {
  fc.assert(
    fc.property(binary, (rewards) => {
      fc.pre(!hasZeroVariance(rewards))
      const squares = advantages(rewards).map((value) => value ** 2)
      expect(squares.reduce((sum, value) => sum + value, 0) / squares.length).toBeCloseTo(1, 4)
    }),
  )
})

test('the defaults are population deviation and epsilon 1e-6', () => {
  expect(defaultBaseline).toEqual({ deviation: 'population', epsilon: 1e-6 })
})
