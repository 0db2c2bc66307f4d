import { assert, integer, nat, property } from 'fast-check'
import { expect, test } from 'vitest'
import { seedOf } from '../random.ts'
import type { ProblemSet } from '../tasks/task.ts'
import { permuted, problemsOfStep } from './problems.ts'

const numbered = (size: number): ProblemSet => ({ size, at: (index) => ({ id: String(index), question: '', answer: '' }) })
const ids = (size: number, seed: number, step: number, count: number): string[] =>
  problemsOfStep(numbered(size), seedOf(seed), step, count).map((problem) => problem.id)

test('a round holds every problem once, whatever the size of a step', () => {
  const round = [1, 2, 3, 4, 5].flatMap((step) => ids(10, 3, step, 2))
  expect(round.toSorted()).toEqual(Array.from({ length: 10 }, (_, i) => String(i)))
  expect([1, 2].flatMap((step) => ids(10, 3, step, 5))).toEqual(round)
})

test('the next round has another order, and so has another seed', () => {
  expect(ids(50, 3, 2, 50)).not.toEqual(ids(50, 3, 1, 50))
  expect(ids(50, 4, 1, 50)).not.toEqual(ids(50, 3, 1, 50))
})

test('a step larger than its set goes round again', () => {
  expect(ids(2, 1, 1, 6).toSorted()).toEqual(['0', '0', '0', '1', '1', '1'])
})

test('permuted is a permutation of any size', () => {
  assert(
    property(integer({ min: 1, max: 300 }), nat(), (size, seed) => {
      const places = Array.from({ length: size }, (_, i) => permuted(i, size, seedOf(seed)))
      expect(new Set(places).size).toBe(size)
      expect(places.every((place) => place >= 0 && place < size)).toBe(true)
    }),
  )
})

test('where a problem goes is spread evenly over the places', () => {
  const counts = Array.from({ length: 10 }, () => 0)
  for (let seed = 0; seed < 5000; seed++) counts[permuted(3, 10, seedOf(seed))]! += 1
  for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(100)
})

test('a set of millions costs no more than a small one', () => {
  const place = permuted(12_345_678, 2 ** 40, seedOf(1))
  expect(place).toBeGreaterThanOrEqual(0)
  expect(place).toBeLessThan(2 ** 40)
})
