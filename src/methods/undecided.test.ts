import { expect, test } from 'vitest'
import { contextOf, correction, diagnosis, groupsOf, model, reply, right, task, type World, wrong } from './fixtures/sums.ts'
import { groupMetrics } from './group-metrics.ts'
import { tapo } from './tapo.ts'

/** As in tapo.test.ts, but for the refused one: the correction of attempt 4 ends in a 9. */
const world: World = {
  attempts: [right, wrong, `${wrong} Yes, 8.`, right, `${wrong} I say 8.`, `${wrong} It is 8.`],
  replies: ['', reply(diagnosis + correction), reply(diagnosis + correction), '', reply(`${diagnosis} It is 9.`), 'I will not.'],
}

test('a construction that cannot be judged is counted, and neither it nor its source has a gradient', async () => {
  const policy = await model(world).policy()
  const groups = await groupsOf(policy, world)
  const verify: typeof task.verify = (problem, text) =>
    text.endsWith(' It is 9.') ? { reward: 0, answer: '9', undecided: true } : task.verify(problem, text)
  const doubting = await tapo({ suppression: 'off' })(groups, contextOf(policy, { task: { ...task, verify } }))
  const trained = doubting.examples.filter(({ advantages }) => advantages.some((value) => value !== 0))
  expect(new Set(trained.filter(({ origin }) => origin !== 'rollout').map(({ id }) => id))).toEqual(
    new Set([1, 2].flatMap((source) => [`sums/0 construction ${source}`, `sums/0 source ${source}`])),
  )
  expect(doubting.constructions.find(({ source }) => source === 4)?.trajectory?.verdict.undecided).toBe(true)
  expect(doubting.metrics).toMatchObject({ 'construction.undecided': 1, 'construction.successRate': 2 / 3, 'trained.source': 2 })
  const sure = await tapo({ suppression: 'off' })(groups, contextOf(policy))
  expect(sure.metrics).toMatchObject({ 'construction.successRate': 2 / 3, 'trained.source': 3 })
  expect(sure.metrics['construction.undecided']).toBeUndefined()
})

test('a group of which nothing could be judged is neither all right nor all wrong', async () => {
  const policy = await model({ attempts: [right, right], replies: [] }).policy()
  const groups = await groupsOf(policy, { attempts: [right, right], replies: [] })
  const doubtful = groups.map((group) => ({
    ...group,
    rollouts: group.rollouts.map((rollout) => ({ ...rollout, verdict: { reward: 0, answer: '7', undecided: true } as const })),
  }))
  expect(groupMetrics(groups, {})).toMatchObject({ 'group.allRight': 1, 'group.allWrong': 0 })
  expect(groupMetrics(doubtful, {})).toMatchObject({ 'group.zeroVariance': 1, 'group.allRight': 0, 'group.allWrong': 0 })
})
