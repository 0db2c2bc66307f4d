import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seedOf } from '../../random.ts'
import { drill } from './drills.ts'
import { largestNumber } from './words.ts'

const seeds = fc.integer({ min: 0, max: 99_999 }).map(seedOf)

/** The pairs of a round, as `name number`, sorted. */
function pairsOf(round: string): string[] {
  return [...round.matchAll(/([a-z]+) (\d+)/g)].map(([pair]) => pair).toSorted()
}

test('every round of a drill says the pairs of the first and nothing else', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const [first, ...later] = drill(seed) as [string, ...string[]]
      for (const round of later) {
        expect(pairsOf(round)).toEqual(pairsOf(first))
        expect(round.split(' ').length).toBe(2 * pairsOf(first).length + 1)
      }
    }),
  )
})

test('a drill has 4 to 7 quantities, each once, in 6 to 10 rounds of together 90 words at most', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const rounds = drill(seed)
      const words = pairsOf(rounds[0]!).map((pair) => pair.split(' '))
      expect(new Set(words.map(([name]) => name)).size).toBe(words.length)
      expect([4, 5, 6, 7]).toContain(words.length)
      expect([6, 8, 10]).toContain(rounds.length)
      expect(rounds.join(' ').split(' ').length).toBeLessThanOrEqual(90)
      for (const [, number] of words) expect(Number(number)).toSatisfy((value: number) => value >= 1 && value <= largestNumber)
    }),
  )
})

test('a drill is a function of its seed, and its rounds differ in order', () => {
  expect(drill(seedOf(3))).toEqual(drill(seedOf(3)))
  expect(drill(seedOf(3))).not.toEqual(drill(seedOf(4)))
  expect(new Set(drill(seedOf(3))).size).toBeGreaterThan(4)
})
