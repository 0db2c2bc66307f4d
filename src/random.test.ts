import { expect, test } from 'vitest'
import { choose, fold, integer, philox, seedOf, uniform } from './random.ts'

test('philox gives the known answers of its authors', () => {
  expect(philox([0, 0], 0, 0, 0, 0)).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8])
  const ones = 0xffffffff
  expect(philox([ones, ones], ones, ones, ones, ones)).toEqual([0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd])
  expect(philox([0xa4093822, 0x299f31d0], 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344)).toEqual([
    0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
  ])
})

test('a stream is a function of its position alone', () => {
  const seed = fold(seedOf(7), 3, 11)
  expect(fold(fold(seedOf(7), 3), 11)).toEqual(seed)
  expect(fold(seedOf(7), 11, 3)).not.toEqual(seed)
  expect(uniform(seed, 5)).toBe(uniform(fold(seedOf(7), 3, 11), 5))
})

test('uniform numbers fill [0, 1) evenly', () => {
  const counts = Array.from({ length: 10 }, () => 0)
  for (let i = 0; i < 10_000; i++) counts[integer(seedOf(1), i, 10)]! += 1
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(130)
})

test('choose takes distinct items, and all of them in some order when it can', () => {
  const items = ['a', 'b', 'c', 'd']
  expect(choose(seedOf(1), items, 9).toSorted()).toEqual(items)
  expect(new Set(choose(seedOf(2), items, 3)).size).toBe(3)
})
