import { expect, test } from 'vitest'
import type { Update } from '../engine/engine.ts'
import type { Judge } from '../types.ts'
import { contextOf, correction, diagnosis, groupsOf, model, problem, right, task, tokenizer, wrong } from './fixtures/sums.ts'
import { sft, sftDefaults } from './sft.ts'

const world = { attempts: [right, wrong, '9', wrong], replies: [''] } // of the wrong ones the task can correct two
const corrected = `2 plus 5 is 8.${diagnosis}${correction}`

async function take(options: Parameters<typeof sft>[0], more: Parameters<typeof contextOf>[1] = {}) {
  const policy = await model(world).policy()
  return sft(options)(await groupsOf(policy, world), contextOf(policy, more))
}

const answer = (example: { tokens: Int32Array; promptLength: number }): string =>
  tokenizer.decode(example.tokens.subarray(example.promptLength))

test('a solution, a correction and the reply that gives it, all likelihood with one mean over tokens', async () => {
  const { examples, objective, metrics } = await take({})
  expect(objective).toEqual({ kind: 'likelihood' })
  expect(examples.map(({ origin }) => origin)).toEqual(['demonstration', 'demonstration', 'demonstration'])
  expect(examples.map(answer)).toEqual([
    right,
    corrected,
    `<analysis> 8 is wrong. </analysis> <reconstruction> ${corrected} </reconstruction>`,
  ])
  expect(examples[0]!.id).toBe('sums/0 solution')
  expect(examples[1]!.id).toMatch(/^sums\/0 correction [13]$/)
  expect(examples[2]!.tokens.at(-1)).toBe(0)
  const tokens = examples.reduce((sum, example) => sum + example.tokens.length - example.promptLength, 0)
  for (const example of examples) {
    expect(new Set(example.advantages.subarray(example.promptLength))).toEqual(new Set([Math.fround(1 / tokens)]))
    expect(example.logprobs.every((logprob) => logprob === 0)).toBe(true)
  }
  expect(metrics).toMatchObject({
    'trained.demonstration': 3,
    'demonstration.solution': 1,
    'demonstration.correction': 1,
    'demonstration.reflection': 1,
    'demonstration.noRoom': 0,
    'group.allWrong': 0,
  })
})

test('a correction starts with the rollout own tokens, and its reply follows the synthesis prompt with a right rollout', async () => {
  const { examples } = await take({})
  const [, plain, reply] = examples
  expect(plain!.tokens.subarray(0, 9)).toEqual(tokenizer.prompt(problem.question))
  const asked = task.askForReflection(problem, wrong, right)
  expect(reply!.tokens.subarray(0, reply!.promptLength)).toEqual(tokenizer.prompt(asked))
})

test('with the prefix as context only what follows it is learnt; replies are learnt whole', async () => {
  const { examples } = await take({ prefixLoss: 'context' })
  const [, plain, reply] = examples
  expect(plain!.advantages.findIndex((advantage) => advantage !== 0)).toBe(9 + 14)
  expect(reply!.advantages.findIndex((advantage) => advantage !== 0)).toBe(reply!.promptLength)
})

test('each kind can be left out, and more rollouts of a problem can be corrected', async () => {
  expect((await take({ corrections: false, reflections: false })).examples.map(answer)).toEqual([right])
  expect((await take({ solutions: false, reflections: false })).examples.map(answer)).toEqual([corrected])
  expect((await take({ solutions: false, corrections: false })).examples).toHaveLength(1)
  const two = await take({ solutions: false, reflections: false, correctionsPerProblem: 2 })
  expect(new Set(two.examples.map(({ id }) => id))).toEqual(new Set(['sums/0 correction 1', 'sums/0 correction 3']))
})

test('groups without rollouts teach their solutions; problems without one teach nothing', async () => {
  const policy = await model(world).policy()
  const { solution: _, ...unsolved } = problem
  const groups = [problem, { ...unsolved, id: 'sums/1' }].map((each) => ({
    problem: each,
    prompt: tokenizer.prompt(each.question),
    rollouts: [],
  }))
  const { examples, metrics } = await sft()(groups, contextOf(policy))
  expect(examples.map(({ id }) => id)).toEqual(['sums/0 solution'])
  expect(metrics['group.allWrong']).toBeUndefined()
})

test('without a right rollout the problem own solution guides, and a task without corrections gives none', async () => {
  const policy = await model(world).policy()
  const [group] = await groupsOf(policy, world)
  const wrongOnly = { ...group!, rollouts: group!.rollouts.slice(1, 2) }
  const { examples } = await sft({ solutions: false })([wrongOnly], contextOf(policy))
  expect(tokenizer.decode(examples[1]!.tokens)).toContain(`Correct solution:\n${problem.solution}`)
  const { solution: _, ...unsolved } = problem
  expect((await sft()([{ ...wrongOnly, problem: unsolved }], contextOf(policy))).examples).toHaveLength(1)
  const unknowing: Judge = {
    ask: (asked) => task.ask(asked),
    verify: (asked, text) => task.verify(asked, text),
    askForReflection: () => 'why?',
  }
  expect((await sft({ solutions: false })([wrongOnly], contextOf(policy, { task: unknowing }))).examples).toEqual([])
})

test('what does not fit into the context is left out and counted', async () => {
  const { examples, metrics } = await take({}, { contextLength: 100 })
  expect(examples.map(answer)).toEqual([right, corrected])
  expect(metrics['demonstration.noRoom']).toBe(1)
})

test('updates make the demonstrations likelier', async () => {
  const trainer = model(world)
  const policy = await trainer.policy()
  const { examples, objective } = await sft()(await groupsOf(policy, world), contextOf(policy))
  const update: Update = { objective, learningRate: 0.05, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0, maxGradientNorm: 1 }
  const first = await trainer.step(examples, update)
  for (let step = 0; step < 20; step++) await trainer.step(examples, update)
  expect((await trainer.step(examples, update)).loss).toBeLessThan(first.loss - 0.5)
})

test('the defaults', () => {
  expect(sftDefaults).toEqual({ solutions: true, corrections: true, reflections: true, correctionsPerProblem: 1, prefixLoss: 'trained' })
})
