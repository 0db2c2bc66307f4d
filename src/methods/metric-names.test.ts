import { expect, test } from 'vitest'
import { rolloutFigures } from '../rollout/figures.ts'
import type { Group } from '../types.ts'
import { contextOf, correction, diagnosis, groupsOf, model, reply, right, task, wrong } from './fixtures/sums.ts'
import { grpo } from './grpo.ts'
import { meanOf, metricNames, present, shareOf } from './metric-names.ts'
import { opsd } from './opsd.ts'
import { sft } from './sft.ts'
import { tapo } from './tapo.ts'

/** The group as if the verifier could decide nothing of it. */
const undecided = (group: Group): Group => ({
  ...group,
  rollouts: group.rollouts.map((rollout) => ({ ...rollout, verdict: { ...rollout.verdict, reward: 0, undecided: true } })),
})

test('every figure that a method or the loop logs has a name with a meaning, and every name is logged', async () => {
  const world = { attempts: [right, wrong], replies: [reply(diagnosis + correction)] }
  const policy = await model(world).policy()
  const groups = await groupsOf(policy, world)
  const context = contextOf(policy, { reflects: (text) => text.includes('ait') })
  const constructing = tapo({ zone: { minRight: 1, minWrong: 1, maxConstructions: 1 } })
  const verify: typeof task.verify = () => ({ reward: 0, answer: undefined, undecided: true })
  const results = await Promise.all([
    ...[grpo(), constructing, sft(), opsd({ teacher: 'live' })].map((method) => method(groups, context)),
    constructing(groups, { ...context, task: { ...task, verify } }),
  ])
  const logged = new Set([
    ...results.flatMap(({ metrics }) => Object.keys(metrics)),
    ...Object.keys(rolloutFigures(groups, [], groups.map(undecided))),
  ])
  expect(logged).toEqual(new Set(Object.keys(metricNames)))
  expect(results.flatMap(({ metrics }) => Object.values(metrics)).every(Number.isFinite)).toBe(true)
})

test('a figure of nothing does not exist', () => {
  expect(meanOf([])).toBeUndefined()
  expect(shareOf([], () => true)).toBeUndefined()
  expect(present({ accuracy: undefined, responseLength: meanOf([2, 4]) })).toEqual({ responseLength: 3 })
  expect(shareOf([1, 2, 3, 4], (n) => n > 1)).toBe(0.75)
})
