import { expect, test } from 'vitest'
import { fold, seedOf } from '../random.ts'
import type { Rollout } from '../types.ts'
import { candidates, isEligible, paperZone } from './candidates.ts'

/** A group of right (1) and wrong (0) rollouts; nothing else of them is read here. */
function group(...outcomes: (0 | 1)[]): { rollouts: Rollout[] } {
  const completion = { tokens: Int32Array.of(0), logprobs: new Float32Array(1), sampledLogprobs: new Float32Array(1), end: 'eos' as const }
  return { rollouts: outcomes.map((reward) => ({ completion, text: '', verdict: { reward, answer: undefined } })) }
}

test('the zone of the paper needs two right and four wrong, and corrects at most four', () => {
  expect(paperZone).toEqual({ minRight: 2, minWrong: 4, maxConstructions: 4 })
  expect(isEligible(group(1, 1, 0, 0, 0, 0), paperZone)).toBe(true)
  expect(isEligible(group(1, 0, 0, 0, 0, 0, 0, 0), paperZone)).toBe(false)
  expect(isEligible(group(1, 1, 1, 1, 1, 0, 0, 0), paperZone)).toBe(false)
  expect(candidates(group(1, 1, 1, 1, 1, 0, 0, 0), paperZone, seedOf(1))).toEqual([])
})

test('an undecided attempt is neither right nor wrong', () => {
  const { rollouts } = group(1, 1, 0, 0, 0, 0)
  const undecided = rollouts.map((rollout, i) =>
    i === 2 ? { ...rollout, verdict: { ...rollout.verdict, undecided: true as const } } : rollout,
  )
  expect(isEligible({ rollouts: undecided }, paperZone)).toBe(false)
})

test('wrong rollouts are chosen without replacement, each with a right one', () => {
  for (let seed = 0; seed < 50; seed++) {
    const chosen = candidates(group(0, 1, 0, 0, 1, 0, 0, 0), paperZone, seedOf(seed))
    expect(chosen).toHaveLength(4)
    expect(new Set(chosen.map(({ source }) => source)).size).toBe(4)
    for (const { source, reference } of chosen) {
      expect([0, 2, 3, 5, 6, 7]).toContain(source)
      expect([1, 4]).toContain(reference)
    }
  }
})

test('every wrong rollout is chosen 4 times in 6 and every right one 1 time in 2', () => {
  const sources = Array.from({ length: 8 }, () => 0)
  let first = 0
  const rounds = 3000
  for (let i = 0; i < rounds; i++) {
    for (const { source, reference } of candidates(group(0, 1, 0, 0, 1, 0, 0, 0), paperZone, fold(seedOf(3), i))) {
      sources[source]!++
      if (reference === 1) first++
    }
  }
  for (const wrong of [0, 2, 3, 5, 6, 7]) expect(sources[wrong]! / rounds).toBeCloseTo(4 / 6, 1)
  expect(first / (4 * rounds)).toBeCloseTo(1 / 2, 1)
})

test('the choice is a function of the seed', () => {
  const outcomes = group(0, 1, 0, 0, 1, 0, 0, 0)
  expect(candidates(outcomes, paperZone, seedOf(5))).toEqual(candidates(outcomes, paperZone, seedOf(5)))
  expect(candidates(outcomes, paperZone, seedOf(5))).not.toEqual(candidates(outcomes, paperZone, seedOf(6)))
})

test('fewer wrong rollouts than constructions are all corrected', () => {
  const zone = { minRight: 1, minWrong: 1, maxConstructions: 4 }
  expect(new Set(candidates(group(0, 1, 0), zone, seedOf(1)).map(({ source }) => source))).toEqual(new Set([0, 2]))
})
