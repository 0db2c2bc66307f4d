import { expect, test } from 'vitest'
import { guidedPrompt } from '../algorithm/prompt.ts'
import type { Update } from '../engine/engine.ts'
import type { Problem } from '../types.ts'
import { contextOf, counted, groupsOf, model, problem, right, task, tokenizer, wrong } from './fixtures/sums.ts'
import type { MethodContext } from './method.ts'
import { opsd, opsdDefaults } from './opsd.ts'

const world = { attempts: [right, wrong], replies: [''] } // 15 and 21 tokens, end token included
const { solution: _, ...unsolved } = problem
const update: Omit<Update, 'objective'> = {
  learningRate: 0.3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradientNorm: Infinity,
}

/** The model is a bigram table, so a prompt speaks by its last letter alone: the teacher's ends with ! and the student's with ?. */
const shouting: MethodContext['task'] = { ...task, askWithSolution: ({ question }, solution) => `${question} ${solution}!` }

async function take(options: Parameters<typeof opsd>[0], more: Partial<MethodContext> = {}, problems: readonly Problem[] = [problem]) {
  const policy = await model(world).policy()
  return opsd(options)(await groupsOf(policy, world, problems), contextOf(policy, more))
}

test("a token's advantage is the teacher's log-probability less the student's, over all 36 tokens, and rewards do not matter", async () => {
  const policy = await model(world).policy()
  const [group] = await groupsOf(policy, world)
  const { examples, objective, constructions, metrics } = await opsd({ teacher: 'live' })([group!], contextOf(policy, { task: shouting }))
  const prompt = tokenizer.prompt(`${problem.question} ${problem.solution}!`)
  for (const [i, { completion }] of group!.rollouts.entries()) {
    const [teacher] = await policy.score([{ tokens: Int32Array.from([...prompt, ...completion.tokens]), from: prompt.length }])
    const expected = completion.logprobs.map((student, t) => (teacher!.logprobs[prompt.length + t]! - student) / 36)
    expect(examples[i]).toMatchObject({ origin: 'rollout', id: `sums/0 rollout ${i}`, promptLength: 9 })
    expect(examples[i]!.logprobs.slice(9)).toEqual(completion.logprobs)
    examples[i]!.advantages.slice(9).forEach((advantage, t) => expect(advantage).toBeCloseTo(expected[t]!, 7))
    expect(examples[i]!.advantages[9]).not.toBe(0) // of a bigram table: the one letter that the two prompts tell apart
  }
  expect(objective).toEqual({ kind: 'policy-gradient', clipLow: 0.2, clipHigh: 0.2 })
  expect(constructions).toEqual([])
  const all = examples.flatMap(({ advantages }) => Array.from(advantages)).reduce((a, b) => a + b, 0)
  expect(metrics).toMatchObject({ 'teacher.guided': 1, 'trained.rollout': 2 })
  expect(metrics['teacher.advantage']).toBeCloseTo(all, 6)
})

test('the teacher sees the solution in words of the package where the task has none of its own', async () => {
  const policy = await model(world).policy()
  const groups = await groupsOf(policy, world)
  const seen: string[] = []
  const listening = {
    ...policy,
    score: (requests: Parameters<typeof policy.score>[0]) => {
      seen.push(...requests.map(({ tokens, from }) => tokenizer.decode(tokens.slice(0, from))))
      return policy.score(requests)
    },
  }
  await opsd({ teacher: 'live' })(groups, contextOf(listening))
  const asked = guidedPrompt({ problem: problem.question, solution: problem.solution! })
  expect(seen).toEqual([tokenizer.decode(tokenizer.prompt(asked)), tokenizer.decode(tokenizer.prompt(asked))])
})

test("without a solution of its own a problem gets one of the group's right attempts, and without one of these no gradient", async () => {
  const { examples, metrics } = await take({ teacher: 'live' }, { task: shouting }, [unsolved, { ...unsolved, id: 'sums/1', answer: '9' }])
  const gradients = examples.map(({ advantages }) => advantages.some((advantage) => advantage !== 0))
  expect(gradients).toEqual([true, true, false, false])
  expect(metrics).toMatchObject({ 'teacher.guided': 0.5, 'trained.rollout': 2 })
})

test('a solution that leaves no room for an attempt is not shown', async () => {
  const room = (contextLength: number) => take({ teacher: 'live' }, { task: shouting, contextLength })
  const needed = 9 + 1 + 15 + 1 - 1 + 21 // question, space, solution, mark; an attempt
  expect((await room(needed)).metrics['teacher.guided']).toBe(1)
  expect((await room(needed - 1)).metrics['teacher.guided']).toBe(0)
})

test('all attempts of a step are scored in one call, by the fixed teacher where it is wanted', async () => {
  const trainer = model(world)
  const start = counted(await trainer.policy())
  const groups = await groupsOf(start.policy, world, [problem, { ...problem, id: 'sums/1' }])
  const first = await opsd()(groups, contextOf(start.policy, { task: shouting, initial: start.policy }))
  expect(start.calls).toEqual({ sample: 1, score: 1 })
  const shout = tokenizer.encode('!')[0]!
  const shouted = first.examples.map((example) => ({ ...example, tokens: example.tokens.with(8, shout) })) // so that the teacher's own row moves
  await trainer.step(shouted, { ...update, objective: first.objective })
  const now = counted(await trainer.policy())
  const context = contextOf(now.policy, { task: shouting, initial: start.policy })
  const [fixed, live] = [await opsd()(groups, context), await opsd({ teacher: 'live' })(groups, context)]
  expect([start.calls.score, now.calls.score]).toEqual([2, 1])
  expect(fixed.examples).toEqual(first.examples)
  expect(live.examples).not.toEqual(first.examples)
})

test("where the engine offers it, it is asked for the divergence behind the teacher's prompt, and nothing is scored before", async () => {
  const trainer = model(world)
  const { policy, calls } = counted(await trainer.policy())
  const groups = await groupsOf(policy, world, [unsolved, { ...unsolved, id: 'sums/1', answer: '9' }])
  const context = contextOf(policy, { task: shouting, initial: policy, objectives: trainer.objectives })
  const { examples, objective, metrics } = await opsd()(groups, context)
  const prompt = tokenizer.prompt(`${problem.question} ${right}!`) // the right attempt stands in for a solution
  expect(objective).toEqual({ kind: 'divergence', direction: 'forward', cap: 0.05, teacher: 0 })
  expect(examples.map(({ teacherPrompt }) => teacherPrompt)).toEqual([prompt, prompt, undefined, undefined])
  expect(examples.map(({ advantages }) => new Set(advantages.slice(9)))).toEqual(
    [1, 1, 0, 0].map((one) => new Set([Math.fround(one / 36)])),
  )
  expect(metrics).toMatchObject({ 'teacher.guided': 0.5, 'trained.rollout': 2 })
  expect(metrics).not.toHaveProperty('teacher.advantage')
  expect(calls.score).toBe(0)
  const form = async (options: Parameters<typeof opsd>[0]) => (await opsd(options)(groups, context)).objective
  expect(await form({ divergence: 'jsd', cap: 0 })).toEqual({ kind: 'divergence', direction: 'jsd', cap: Infinity, teacher: 0 })
  expect(await form({ divergence: 'sampled' })).toEqual({ kind: 'policy-gradient', clipLow: 0.2, clipHigh: 0.2 })
})

test('each form makes the student more like its teacher: updates lower the divergence from it', async () => {
  for (const divergence of ['forward', 'jsd', 'reverse'] as const) {
    const trainer = model(world)
    const initial = await trainer.policy()
    const context = contextOf(initial, { task: shouting, initial, objectives: trainer.objectives })
    const { examples, objective } = await opsd({ divergence })(await groupsOf(initial, world), context)
    const reports = []
    for (let step = 0; step < 5; step++) reports.push(await trainer.step(examples, { ...update, learningRate: 0.05, objective }))
    expect(reports.at(-1)!.divergence).toBeLessThan(reports[0]!.divergence!)
  }
})

test('so does the update of the sampled-token form', async () => {
  const trainer = model(world)
  const initial = await trainer.policy()
  const context = contextOf(initial, { task: shouting, initial })
  const groups = await groupsOf(initial, world)
  const { examples, objective } = await opsd()(groups, context)
  await trainer.step(examples, { ...update, objective })
  const policy = await trainer.policy()
  const [before, after] = await Promise.all(
    [initial, policy].map(async (each) => (await each.score([{ tokens: examples[0]!.tokens, from: 9 }]))[0]!.logprobs[9]!),
  )
  expect(Math.sign(after! - before!)).toBe(Math.sign(examples[0]!.advantages[9]!))
})

test("a fixed teacher that the loop was not given is the person's error", async () => {
  await expect(take({})).rejects.toThrow("opsd: the fixed teacher needs the policy of the run's start")
})

test('the defaults', () => {
  expect(opsdDefaults).toEqual({
    aggregation: 'token-mean',
    clipLow: 0.2,
    clipHigh: 0.2,
    teacher: 'fixed',
    divergence: 'forward',
    cap: 0.05,
  })
})
