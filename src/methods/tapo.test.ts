import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Refusal } from '../algorithm/refusal.ts'
import type { Update } from '../engine/engine.ts'
import {
  contextOf,
  correction,
  counted,
  diagnosis,
  groupsOf,
  model,
  problem,
  reply,
  right,
  tokenizer,
  wrong,
  type World,
} from './fixtures/sums.ts'
import { grpo } from './grpo.ts'
import type { Construction, MethodResult } from './method.ts'
import { tapo, type TapoOptions, tapoDefaults } from './tapo.ts'

/** Two right, four wrong in different words; the corrections of the first two come out right, of the third wrong, and the fourth is refused. */
const world: World = {
  attempts: [right, wrong, `${wrong} Yes, 8.`, right, `${wrong} I say 8.`, `${wrong} It is 8.`],
  replies: ['', reply(diagnosis + correction), reply(diagnosis + correction), '', reply(`${diagnosis} It is 9.`), 'I will not.'],
}
const constructionTokens = 14 + diagnosis.length + correction.length + 1

async function take(options: Partial<TapoOptions> = {}, spread = 1): Promise<MethodResult> {
  const policy = await model(world, spread).policy()
  return tapo(options)(await groupsOf(policy, world), contextOf(policy))
}

const made = (result: MethodResult, source: number): Construction => result.constructions.find((each) => each.source === source)!
const named = (result: MethodResult, id: string): MethodResult['examples'][number] | undefined =>
  result.examples.find((each) => each.id === `sums/0 ${id}`)

test('a trajectory is the wrong rollout own tokens, the diagnosis, the correction and the end token', async () => {
  const { analysis, trajectory, refusal, reply: call, replyText } = made(await take(), 1)
  expect(refusal).toBeUndefined()
  expect(analysis).toBe('It says 8.')
  expect(call.end).toBe('stop')
  expect(replyText).toBe(reply(diagnosis + correction))
  expect(trajectory).toMatchObject({
    text: `2 plus 5 is 8.${diagnosis}${correction}`,
    prefixLength: 14,
    diagnosisLength: diagnosis.length,
    verdict: { reward: 1, answer: '7' },
  })
  expect(trajectory!.tokens).toEqual(Int32Array.from([...tokenizer.encode(`2 plus 5 is 8.${diagnosis}${correction}`), 0]))
})

test('old log-probabilities and weights come from scoring it after the plain problem', async () => {
  const result = await take()
  const { trajectory } = made(result, 1)
  const policy = await model(world).policy()
  const prompt = tokenizer.prompt(problem.question)
  const [scores] = await policy.score([{ tokens: Int32Array.from([...prompt, ...trajectory!.tokens]), from: prompt.length }])
  expect(trajectory!.scores).toEqual({ logprobs: scores!.logprobs.slice(9), entropies: scores!.entropies.slice(9) })
  trajectory!.weights.forEach((weight, t) => {
    expect(weight).toBeCloseTo(Math.min(Math.max(Math.exp(scores!.logprobs[9 + t]! + scores!.entropies[9 + t]!), 0.01), 10), 5)
  })
  expect(named(result, 'construction 1')!.logprobs).toEqual(scores!.logprobs)
})

test('failed: two right constructions and a wrong one, as a group of their own', async () => {
  const result = await take({ negatives: 'failed', suppression: 'off' })
  const tokens = 2 * constructionTokens + constructionTokens // all three are as long
  expect(named(result, 'construction 1')!.advantages[9]).toBeCloseTo(1 / 3 / (Math.SQRT2 / 3) / tokens, 6)
  expect(named(result, 'construction 4')!.advantages[9]).toBeCloseTo(-2 / 3 / (Math.SQRT2 / 3) / tokens, 6)
  expect(result.examples.filter(({ origin }) => origin === 'source')).toEqual([])
})

test('both: the sources stand beside them with their own tokens and sampled log-probabilities', async () => {
  const result = await take({ suppression: 'off' })
  const policy = await model(world).policy()
  const [group] = await groupsOf(policy, world)
  const { completion } = group!.rollouts[4]!
  const source = named(result, 'source 4')!
  const lengths = [1, 2, 4].map((index) => group!.rollouts[index]!.completion.tokens.length)
  const tokens = 3 * constructionTokens + lengths.reduce((sum, length) => sum + length, 0)
  expect(source).toMatchObject({ origin: 'source', promptLength: 9 })
  expect(source.tokens.slice(9)).toEqual(completion.tokens)
  expect(source.logprobs.slice(9)).toEqual(completion.logprobs)
  expect(source.advantages[9]).toBeCloseTo(-1 / Math.SQRT2 / tokens, 6) // two right of six: -1/3 over sqrt(2)/3
  expect(named(result, 'construction 2')!.advantages[9]).toBeCloseTo(Math.SQRT2 / tokens, 6)
  expect(named(result, 'source 5')).toBeUndefined() // its construction was refused
})

test('advantages carry the weight of each token, and lambda', async () => {
  const [plain, weighted, tripled] = await Promise.all([take({ suppression: 'off' }, 8), take({}, 8), take({ lambda: 3 }, 8)])
  const { weights } = made(weighted, 1).trajectory!
  const [a, b, c] = [plain, weighted, tripled].map((result) => named(result, 'construction 1')!.advantages.slice(9))
  expect(new Set(weights).size).toBeGreaterThan(5)
  weights.forEach((weight, t) => {
    expect(b![t]).toBeCloseTo(a![t]! * weight, 6)
    expect(c![t]).toBeCloseTo(3 * b![t]!, 6)
  })
  expect(named(tripled, 'rollout 1')).toEqual(named(plain, 'rollout 1'))
})

test('with the prefix as context it carries nothing and is not counted; sources are trained whole', async () => {
  const result = await take({ prefixLoss: 'context', negatives: 'failed', suppression: 'off' })
  const { advantages } = named(result, 'construction 1')!
  expect(advantages.slice(9, 23).every((value) => value === 0)).toBe(true)
  expect(advantages[23]).toBeCloseTo(1 / Math.SQRT2 / (3 * (constructionTokens - 14)), 6)
  const both = await take({ prefixLoss: 'context' })
  expect(
    named(both, 'source 1')!
      .advantages.slice(9)
      .every((value) => value < 0),
  ).toBe(true)
})

test('whole: what the reconstruction says is trained from its first word, whether or not it begins with the attempt', async () => {
  const anew = '<analysis> 8 is wrong. </analysis> <reconstruction> I count: 2 plus 5 is 7. </reconstruction>'
  const told = { ...world, replies: ['', reply(diagnosis + correction), anew, '', reply(' The attempt is wrong. 7.'), anew] }
  const policy = await model(told).policy()
  const groups = await groupsOf(policy, told)
  const outcomes = async (options: Partial<TapoOptions>): Promise<unknown> => {
    const result = await tapo(options)(groups, contextOf(policy))
    return [1, 2, 4, 5].map((source) => made(result, source).refusal ?? made(result, source).trajectory!.text)
  }
  expect(await outcomes({})).toEqual([`2 plus 5 is 8.${diagnosis}${correction}`, 'not-verbatim', 'leak', 'not-verbatim'])
  expect(await outcomes({ reconstruction: 'whole' })).toEqual([
    `2 plus 5 is 8.${diagnosis}${correction}`,
    'I count: 2 plus 5 is 7.',
    'leak',
    'I count: 2 plus 5 is 7.',
  ])
  const whole = await tapo({ reconstruction: 'whole', suppression: 'off', negatives: 'source', prefixLoss: 'context' })(
    groups,
    contextOf(policy),
  )
  expect(made(whole, 1).trajectory).toMatchObject({ prefixLength: 0, diagnosisLength: 0, verdict: { reward: 1 } })
  expect(made(whole, 1).trajectory!.tokens).toEqual(made(await take(), 1).trajectory!.tokens)
  expect(named(whole, 'construction 1')!.advantages[9]).toBeGreaterThan(0)
  expect(whole.metrics).toMatchObject({ 'construction.prefixLength': 0, 'construction.prefixShare': 0 })
  expect(whole.metrics['audit.exact']).toBeUndefined()
})

test('turning construction on leaves every example of a rollout bit-identical', async () => {
  const attempts = fc.array(fc.constantFrom(right, wrong, `${wrong} Yes, 8.`), { minLength: 2, maxLength: 8 })
  const replies = fc.array(fc.constantFrom(reply(diagnosis + correction), reply(' No. 9.'), 'none'), { minLength: 1, maxLength: 8 })
  const options = fc.record({
    negatives: fc.constantFrom('failed', 'source', 'both', 'none'),
    whenAllRight: fc.constantFrom('skip', 'imitate'),
    aggregation: fc.constantFrom('token-mean', 'sequence-mean', 'constant-length'),
    lambda: fc.constantFrom(0, 1, 3),
    prefixLoss: fc.constantFrom('trained', 'context'),
    zone: fc.constant({ minRight: 1, minWrong: 1, maxConstructions: 4 }),
  } as const)
  await fc.assert(
    fc.asyncProperty(attempts, replies, options, async (texts, answers, settings) => {
      const random = { attempts: texts, replies: answers }
      const policy = await model(random).policy()
      const groups = await groupsOf(policy, random, [problem, { ...problem, id: 'sums/1' }])
      const plain = await grpo({ aggregation: settings.aggregation })(groups, contextOf(policy))
      const constructed = await tapo(settings)(groups, contextOf(policy))
      expect(constructed.examples.slice(0, plain.examples.length)).toEqual(plain.examples)
      expect(constructed.objective).toEqual(plain.objective)
    }),
    { numRuns: 25 },
  )
})

test('coupled advantages do change the rollouts: two right of six become four right of nine', async () => {
  const result = await take({ comparison: 'coupled', aggregation: 'constant-length' })
  const deviation = Math.sqrt(20 / 81)
  expect(named(result, 'rollout 0')!.advantages[9]).toBeCloseTo(5 / 9 / deviation / (60 * 6), 6)
  expect(result.examples.some(({ origin }) => origin === 'source')).toBe(false)
})

test('a step makes one call to sample and one to score, and none outside the zone', async () => {
  const { policy, calls } = counted(await model(world).policy())
  const groups = await groupsOf(policy, world, [problem, { ...problem, id: 'sums/1' }])
  calls.sample = 0
  await tapo()(groups, contextOf(policy))
  expect(calls).toEqual({ sample: 1, score: 1 })
  await tapo({ zone: { minRight: 3, minWrong: 4, maxConstructions: 4 } })(groups, contextOf(policy))
  expect(calls).toEqual({ sample: 1, score: 1 })
})

test('a synthesis prompt for which there is no room is not asked', async () => {
  const policy = await model(world).policy()
  const result = await tapo()(await groupsOf(policy, world), contextOf(policy, { contextLength: 200 }))
  expect(result.constructions.map(({ refusal, reply: call }) => [refusal, call.tokens.length])).toEqual(
    Array.from({ length: 4 }, () => ['no-room', 0]),
  )
})

test.each<[string, Refusal]>([
  ['I will not.', 'no-tags'],
  ['<reconstruction> 2 plus 5', 'unclosed-tag'],
  [`<analysis> ${'8 '.repeat(80)}`, 'truncated'],
  ['<reconstruction> 2 plus 5 is 8. </reconstruction>', 'no-divergence'],
  ['<reconstruction> It is 7. </reconstruction>', 'not-verbatim'],
  ['<reconstruction> 2 is what? 7. </reconstruction>', 'short-prefix'],
  [reply(' The reference solution says 7.'), 'leak'],
  [`<reconstruction> 2 plus 5 is 8. Wait.${' 7.'.repeat(14)} </reconstruction>`, 'too-long'],
])('the reply %j is refused: %s', async (text, reason) => {
  const one = { attempts: [right, wrong], replies: [text] }
  const policy = await model(one).policy()
  const zone = { minRight: 1, minWrong: 1, maxConstructions: 1 }
  const { constructions, metrics } = await tapo({ zone, minPrefixShare: 0.2 })(await groupsOf(policy, one), contextOf(policy))
  expect(constructions).toMatchObject([{ source: 1, reference: 0, refusal: reason }])
  expect(metrics[`construction.refused.${reason}`]).toBe(1)
})

test('an update with the examples makes the correction likelier and the wrong attempt less likely', async () => {
  const trainer = model(world)
  const before = await trainer.policy()
  const groups = await groupsOf(before, world)
  const result = await tapo()(groups, contextOf(before))
  const update: Update = {
    objective: result.objective,
    learningRate: 0.01,
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
    weightDecay: 0,
    maxGradientNorm: 1,
  }
  const report = await trainer.step(result.examples, update)
  expect(report.logprobDifference).toBeCloseTo(0, 5) // every ratio is 1 at the first update
  const after = await trainer.policy()
  const request = (tokens: Int32Array): { tokens: Int32Array; from: number } => ({ tokens, from: 9 })
  const change = async (id: string): Promise<number> => {
    const [old, now] = await Promise.all([before, after].map((policy) => policy.score([request(named(result, id)!.tokens)])))
    return now![0]!.logprobs.reduce((sum, logprob, t) => sum + logprob - old![0]!.logprobs[t]!, 0)
  }
  expect(await change('construction 1')).toBeGreaterThan(0)
  expect(await change('source 4')).toBeLessThan(0)
})

test('the figures of a step, by hand', async () => {
  const { metrics } = await take({}, 0) // a uniform model: log p + H = 0
  expect(metrics).toMatchObject({
    'group.zeroVariance': 0,
    'group.eligible': 1,
    'construction.attempted': 4,
    'construction.parseRate': 3 / 4,
    'construction.successRate': 2 / 3,
    'construction.zeroVariance': 0,
    'construction.length': constructionTokens,
    'construction.prefixLength': 14,
    'construction.diagnosisLength': diagnosis.length,
    'construction.refused.no-tags': 1,
    'construction.refused.leak': 0,
    'audit.exact': 1, // the task, too, keeps the first sentence
    'audit.early': 0,
    'audit.late': 0,
    'weight.atLow': 0,
    'weight.atHigh': 0,
    'trained.rollout': 6,
    'trained.construction': 3,
    'trained.source': 3,
  })
  for (const name of ['mean', 'prefix', 'diagnosis', 'correction']) expect(metrics[`weight.${name}`]).toBeCloseTo(1, 5)
  expect(metrics['construction.entropy']).toBeCloseTo(Math.log(tokenizer.vocabularySize), 5)
  expect(metrics['construction.logprob']).toBeCloseTo(-Math.log(tokenizer.vocabularySize), 5)
  expect(metrics['construction.prefixShare']).toBeCloseTo((14 / 21 + 14 / 29 + 14 / 30) / 3, 9)
})

test('an attempt left before its first error is early, one left after it is late', async () => {
  const replies = ['', '<reconstruction> 2 plus 5 is no, 7. </reconstruction>', `<reconstruction> ${wrong} No, 7. </reconstruction>`]
  const mixed = { attempts: [right, wrong, `${wrong} Yes, 8.`], replies }
  const policy = await model(mixed).policy()
  const zone = { minRight: 1, minWrong: 1, maxConstructions: 2 }
  const { metrics } = await tapo({ zone })(await groupsOf(policy, mixed), contextOf(policy))
  expect(metrics).toMatchObject({ 'audit.exact': 0, 'audit.early': 0.5, 'audit.late': 0.5 })
})

test('the defaults are the paper setting and our decisions', () => {
  expect(tapoDefaults).toEqual({
    baseline: { deviation: 'population', epsilon: 1e-6 },
    aggregation: 'token-mean',
    clipLow: 0.2,
    clipHigh: 0.2,
    zone: { minRight: 2, minWrong: 4, maxConstructions: 4 },
    suppression: { low: 0.01, high: 10 },
    lambda: 1,
    comparison: 'decoupled',
    negatives: 'both',
    whenAllRight: 'skip',
    prefixLoss: 'trained',
    reconstruction: 'prefix',
    minPrefixShare: 0.1,
    reply: { temperature: 1, lengthFactor: 2 },
  })
})
