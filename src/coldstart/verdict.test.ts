import { expect, test } from 'vitest'
import type { EvaluationRecord } from '../store/events.ts'
import type { Group, Rollout } from '../types.ts'
import { measure, reflectingCounts } from './judge.ts'
import { type Measured, verdict } from './verdict.ts'
import { model, problem, reply, right, task, tokenizer, wrong } from '../methods/fixtures/sums.ts'
import { seedOf } from '../random.ts'

const good: Measured = {
  problems: 50,
  eligible: 20,
  constructions: { tried: 50, kept: 42, right: 30, undecided: 0, refusals: { 'no-tags': 8 } },
  reflecting: { answers: 40, right: 22, others: 0.6 },
}
/** Two answers to each of 40 problems, so many of them right. */
const evaluated = (counts: readonly number[]): EvaluationRecord => ({
  name: 'x/development',
  samples: 2,
  problems: counts.map((_, i) => `x/${i}`),
  right: counts,
  figures: {},
})
const base = evaluated(Array<number>(40).fill(1))
const holding = (measured: Measured, after: EvaluationRecord = base): Record<string, boolean> =>
  Object.fromEntries(verdict(measured, base, after).findings.map(({ name, holds }) => [name, holds]))

test('a cold start that can correct itself at no cost passes', () => {
  const found = verdict(good, base, base)
  expect(found.passes).toBe(true)
  expect(found.findings.map(({ name, found: each, wanted }) => [name, each?.value, wanted])).toEqual([
    ['parsed', 0.84, 0.8],
    ['right', 0.6, 0.4],
    ['reflecting', 0.55, 0.6], // within chance of it
    ['accuracy', 0, -0.05],
  ])
})

test('each shortcoming fails alone, and says what to do', () => {
  expect(holding({ ...good, constructions: { ...good.constructions, kept: 39 } })).toMatchObject({ parsed: false, right: true })
  expect(holding({ ...good, constructions: { ...good.constructions, right: 19 } })).toMatchObject({ parsed: true, right: false })
  expect(holding({ ...good, reflecting: { answers: 40, right: 3, others: 0.6 } })).toMatchObject({ reflecting: false, accuracy: true })
  expect(holding(good, evaluated(Array.from({ length: 40 }, (_, i) => i % 2)))).toMatchObject({ accuracy: false, reflecting: true })
  expect(holding(good, evaluated([2, ...Array<number>(38).fill(1), 0]))).toMatchObject({ accuracy: true })
  const nothing = verdict(
    {
      ...good,
      constructions: { tried: 0, kept: 0, right: 0, undecided: 0, refusals: {} },
      reflecting: { answers: 0, right: 0, others: null },
    },
    base,
    base,
  )
  expect(nothing.passes).toBe(false)
  expect(nothing.findings.map(({ found, holds }) => [found === null, holds])).toEqual([
    [true, false],
    [true, false],
    [true, false],
    [false, true],
  ])
  expect(nothing.findings[0]!.advice).toContain('tapo filter')
  expect(nothing.findings[2]!.advice).toContain('no answer reflects')
})

test('reflecting answers are compared with the others to the same problems', () => {
  const answer = (text: string, reward: 0 | 1): Rollout => ({
    text,
    verdict: { reward, answer: undefined },
    completion: { tokens: new Int32Array(), logprobs: new Float32Array(), sampledLogprobs: new Float32Array(), end: 'eos' },
  })
  const group = (...rollouts: readonly Rollout[]): Group => ({ problem, prompt: new Int32Array(), rollouts })
  const groups = [
    group(answer('wait, no', 1), answer('wait, no', 0), answer('7', 1), answer('8', 0)), // two reflect, of the others half are right
    group(answer('wait, no', 1), answer('7', 1)), // one, all
    group(answer('7', 0), answer('8', 0)), // none
    group(answer('wait, no', 0)), // no others
  ]
  expect(reflectingCounts(groups, (text) => text.startsWith('wait'))).toEqual({ answers: 4, right: 2, others: (2 * 0.5 + 1) / 3 })
  expect(reflectingCounts([], () => true)).toEqual({ answers: 0, right: 0, others: null })
})

const sampling = { count: 8, maxTokens: 60, temperature: 1, topK: 0, topP: 1, minP: 0, stop: [] }
const judged = { tokenizer, task, sampling, seed: seedOf(2), reflects: (text: string): boolean => text.includes('So 8') }

test('corrections are asked for as RL asks for them, and counted', async () => {
  const attempts = [right, right, ...Array<string>(6).fill(wrong)]
  const policy = await model({ attempts, replies: [reply(' Wait, no. It is 7.')] }).policy()
  const found = await measure({ ...judged, policy, problems: (round) => (round === 0 ? [problem] : []) })
  expect(found).toEqual({
    problems: 1,
    eligible: 1,
    constructions: { tried: 4, kept: 4, right: 4, undecided: 0, refusals: {} },
    reflecting: { answers: 6, right: 0, others: 1 },
  })
})

test('problems are asked in rounds until fifty corrections were tried, ten rounds at most, one where none can be', async () => {
  const replies = [reply(' Wait, no. It is 7.')]
  const asked = async (attempts: readonly string[], each: number): Promise<[rounds: number, tried: number]> => {
    const policy = await model({ attempts, replies }).policy()
    const found = await measure({ ...judged, policy, problems: () => Array.from({ length: each }, () => problem) })
    return [found.problems / each, found.constructions.tried]
  }
  const inTheZone = [right, right, ...Array<string>(6).fill(wrong)] // four corrections a problem
  expect(await asked(inTheZone, 6)).toEqual([3, 72])
  expect(await asked(inTheZone, 1)).toEqual([10, 40])
  expect(await asked(Array<string>(8).fill(right), 2)).toEqual([1, 0])
})
