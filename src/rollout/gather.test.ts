import { expect, test } from 'vitest'
import { scripted } from '../engine/scripted.ts'
import { fold, seedOf } from '../random.ts'
import { settings, task, tokenizer } from '../store/fixtures/training.ts'
import type { Problem } from '../types.ts'
import { attempt } from './attempt.ts'
import { rolloutFigures } from './figures.ts'
import { gather, type GatherOptions } from './gather.ts'
import { problemsOfStep } from './problems.ts'

/** The question 3 is answered with 6, which is right, and then with 7; every other with 0 each time, right for the question 0. */
const answers = (prompt: Int32Array, sample: number): number[] => (prompt[0] === 13 ? [6 + sample] : [0])
const policy = await scripted({ vocabularySize: tokenizer.vocabularySize, endTokens: tokenizer.endTokens, answers }).policy()
const at = (index: number): Problem => ({ id: `double/${index}`, question: String(index % 5), answer: String((2 * (index % 5)) % 10) })
const seeds = { problems: seedOf(1), attempts: fold(seedOf(1), 1), replacements: fold(seedOf(1), 2) }
const options: GatherOptions = {
  policy,
  tokenizer,
  task,
  sampling: { ...settings(1).sampling, count: 2 },
  problems: { size: 50, at },
  seeds,
  problemsPerStep: 5,
}
const isVaried = ({ rollouts }: { readonly rollouts: readonly { readonly verdict: { readonly reward: number } }[] }): boolean =>
  new Set(rollouts.map(({ verdict }) => verdict.reward)).size > 1

test('without replacements it is the attempts at the problems of the step', async () => {
  const { groups, replaced } = await gather(options, 3)
  const plain = await attempt({ ...options, seed: fold(seeds.attempts, 3) }, problemsOfStep(options.problems, seeds.problems, 3, 5))
  expect(groups).toEqual(plain)
  expect(replaced).toEqual([])
})

test('groups rewarded alike give their places to further problems, round by round, and the others keep theirs', async () => {
  const [before, once, often] = await Promise.all([0, 1, 6].map((replacements) => gather({ ...options, replacements }, 3)))
  const varied = [before, once, often].map((gathered) => gathered!.groups.filter(isVaried).length) as [number, number, number]
  expect(varied[2]).toBeGreaterThan(varied[0])
  before!.groups.forEach((group, i) => {
    if (isVaried(group)) expect(once!.groups[i]).toEqual(group)
    else expect(once!.replaced).toContainEqual(group)
  })
  expect(once!.replaced.length).toBe(5 - varied[0])
  expect(often!.groups.length).toBe(5)
  const ids = [...often!.groups, ...often!.replaced].map(({ problem }) => problem.id)
  expect(new Set(ids).size).toBe(ids.length)
})

test('a step is the same whatever steps were taken before it, and another step gets other problems', async () => {
  const often = { ...options, replacements: 2 }
  const ids = async (step: number): Promise<string[]> => (await gather(often, step)).groups.map(({ problem }) => problem.id)
  const third = await ids(3)
  await ids(1)
  expect(await ids(3)).toEqual(third)
  expect(await ids(4)).not.toEqual(third)
})

test('a set without further problems leaves the groups as they are', async () => {
  const { groups, replaced } = await gather({ ...options, problems: { size: 5, at }, replacements: 3 }, 1)
  expect(groups.map(({ problem }) => problem.id).toSorted()).toEqual([0, 1, 2, 3, 4].map((index) => `double/${index}`))
  expect(replaced).toEqual([])
})

test('figures are of all attempts that were made, those left out too', async () => {
  const { groups, replaced } = await gather({ ...options, replacements: 1 }, 3)
  const right = [...groups, ...replaced].flatMap(({ rollouts }) => rollouts).filter(({ verdict }) => verdict.reward === 1).length
  const attempts = 2 * (5 + replaced.length)
  expect(rolloutFigures(groups, [], replaced)).toEqual({
    accuracy: right / attempts,
    responseLength: 2,
    truncatedShare: 0,
    sampledTokens: 2 * attempts,
    'group.replaced': replaced.length,
  })
})
