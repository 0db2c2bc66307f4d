import { expect, test } from 'vitest'
import { contextOf, groupsOf, model, right, wrong } from './fixtures/sums.ts'
import { grpo, grpoDefaults } from './grpo.ts'

const world = { attempts: [right, wrong, wrong, wrong], replies: [''] } // 15 and three times 21 tokens, end token included

test('one right of four: advantage sqrt(3) against -1/sqrt(3), spread over 15 + 63 tokens', async () => {
  const policy = await model(world).policy()
  const [group] = await groupsOf(policy, world)
  const { examples, objective, constructions } = await grpo()([group!], contextOf(policy))
  expect(objective).toEqual({ kind: 'policy-gradient', clipLow: 0.2, clipHigh: 0.2 })
  expect(constructions).toEqual([])
  expect(examples.map(({ id, origin }) => `${origin}: ${id}`)).toEqual([0, 1, 2, 3].map((i) => `rollout: sums/0 rollout ${i}`))
  const [first, second] = examples
  expect(first!.promptLength).toBe(9)
  expect(first!.tokens).toEqual(Int32Array.from([...group!.prompt, ...group!.rollouts[0]!.completion.tokens]))
  expect(first!.logprobs.slice(9)).toEqual(group!.rollouts[0]!.completion.logprobs)
  expect(first!.advantages.slice(0, 10)).toEqual(Float32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, first!.advantages[9]!))
  expect(first!.advantages[9]).toBeCloseTo(Math.sqrt(3) / 78, 6)
  expect(second!.advantages[9]).toBeCloseTo(-1 / Math.sqrt(3) / 78, 6)
})

test('a group without variance is kept as examples without a gradient, and counted', async () => {
  const alike = { attempts: [wrong, wrong], replies: [''] }
  const policy = await model(alike).policy()
  const groups = await groupsOf(policy, alike)
  const { examples, metrics } = await grpo()(groups, contextOf(policy, { reflects: (text) => text.includes('So') }))
  expect(examples.flatMap(({ advantages }) => Array.from(advantages)).every((value) => value === 0)).toBe(true)
  expect(metrics).toEqual({ 'group.zeroVariance': 1, 'group.allRight': 0, 'group.allWrong': 1, reflectionRate: 1, 'trained.rollout': 0 })
})

test('every setting reaches its place', async () => {
  const policy = await model(world).policy()
  const groups = await groupsOf(policy, world)
  const method = grpo({ clipHigh: 0.28, aggregation: 'constant-length', baseline: { deviation: 'sample', epsilon: 0 } })
  const { examples, objective } = await method(groups, contextOf(policy))
  expect(objective).toEqual({ kind: 'policy-gradient', clipLow: 0.2, clipHigh: 0.28 })
  expect(examples[0]!.advantages[9]).toBeCloseTo(1.5 / (60 * 4), 6) // 0.75 / (1/2)
})

test('the defaults', () => {
  expect(grpoDefaults).toEqual({
    baseline: { deviation: 'population', epsilon: 1e-6 },
    aggregation: 'token-mean',
    clipLow: 0.2,
    clipHigh: 0.2,
  })
})
