import { expect, test } from 'vitest'
import { scripted } from '../engine/scripted.ts'
import { seedOf } from '../random.ts'
import { problems, settings, task, tokenizer } from '../store/fixtures/training.ts'
import { attempt } from './attempt.ts'
import { rolloutFigures } from './figures.ts'
import { startStopwatch } from './stopwatch.ts'
import { makeUpdate } from './update.ts'

/** Answers the question 3 with 6 and then with 7, every other with 0. */
const answers = (prompt: Int32Array, sample: number): number[] => (prompt[0] === 13 ? [6 + sample] : [0])
const trainer = scripted({ vocabularySize: tokenizer.vocabularySize, endTokens: tokenizer.endTokens, answers })
const sampling = { ...settings(1).sampling, count: 2 }

test('problems become graded groups in their order, each attempt verified on its own text', async () => {
  const policy = await trainer.policy()
  const groups = await attempt({ policy, tokenizer, task, sampling, seed: seedOf(1) }, [problems.at(3), problems.at(4)])
  expect(groups.map((group) => [group.problem.id, ...group.prompt])).toEqual([
    ['double/3', 13],
    ['double/4', 14],
  ])
  expect(groups[0]?.rollouts.map(({ text, verdict }) => [text, verdict.reward])).toEqual([
    ['6', 1],
    ['7', 0],
  ])
  expect(groups[1]?.rollouts.map(({ verdict }) => verdict)).toEqual([
    { reward: 0, answer: '0' },
    { reward: 0, answer: '0' },
  ])
  expect(rolloutFigures(groups, [])).toEqual({ accuracy: 1 / 4, responseLength: 2, truncatedShare: 0, sampledTokens: 8 })
})

test('verdicts may be made for all at once, and undecided ones are counted', async () => {
  const policy = await trainer.policy()
  const verifyMany: NonNullable<typeof task.verifyMany> = (pairs) =>
    Promise.resolve(
      pairs.map(([problem, text]) => (text === '7' ? { reward: 0, answer: text, undecided: true } : task.verify(problem, text))),
    )
  const asked = [problems.at(3), problems.at(4)]
  const groups = await attempt({ policy, tokenizer, task: { ...task, verifyMany }, sampling, seed: seedOf(1) }, asked)
  expect(groups.map(({ rollouts }) => rollouts.map(({ verdict }) => [verdict.reward, verdict.undecided]))).toEqual([
    [
      [1, undefined],
      [0, true],
    ],
    [
      [0, undefined],
      [0, undefined],
    ],
  ])
  expect(rolloutFigures(groups, [])['undecidedShare']).toBe(1 / 4)
})

test('an attempt depends on its place in the step and on nothing else', async () => {
  const drawn = scripted({ vocabularySize: tokenizer.vocabularySize, endTokens: tokenizer.endTokens })
  const options = { policy: await drawn.policy(), tokenizer, task, sampling, seed: seedOf(9) }
  const [alone] = await attempt(options, [problems.at(1)])
  const [together, second] = await attempt(options, [problems.at(1), problems.at(1)])
  expect(alone).toEqual(together)
  expect(second?.rollouts.map((rollout) => [...rollout.completion.tokens])).not.toEqual(
    together?.rollouts.map((rollout) => [...rollout.completion.tokens]),
  )
})

test('a problem that does not fit into the context is named', async () => {
  const options = { policy: await trainer.policy(), tokenizer, task, sampling, seed: seedOf(1) }
  await expect(attempt({ ...options, contextLength: 4 }, [problems.at(3)])).rejects.toThrow(
    "problem double/3: a prompt of 1 tokens and an answer of up to 4 do not fit into the model's context of 4",
  )
  expect(await attempt({ ...options, contextLength: 5 }, [problems.at(3)])).toHaveLength(1)
})

test('overlapping engine calls count once, and work outside every part is other', async () => {
  const watch = startStopwatch()
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
  await watch.time('method', () => Promise.all([watch.engine(() => sleep(60)), watch.engine(() => sleep(60))]))
  await sleep(40)
  const seconds = watch.seconds()
  expect(seconds.engine).toBeGreaterThan(0.05)
  expect(seconds.engine).toBeLessThan(0.11)
  expect(seconds.method).toBeGreaterThanOrEqual(seconds.engine)
  expect(seconds.other).toBeGreaterThan(0.03)
  expect(seconds.rollout).toBe(0)
})

test('a batch in which nothing has an advantage makes no update', async () => {
  const example = { id: 'a', origin: 'rollout', tokens: Int32Array.of(1, 2), promptLength: 1, logprobs: new Float32Array(2) } as const
  const update = { ...settings(1).optimizer, objective: { kind: 'likelihood' }, learningRate: 1 } as const
  expect(await makeUpdate(trainer, [], update)).toBeUndefined()
  expect(await makeUpdate(trainer, [{ ...example, advantages: new Float32Array(2) }], update)).toBeUndefined()
  expect((await trainer.policy()).version).toBe(0)
  const broken = {
    ...trainer,
    step: () => Promise.resolve({ loss: 1, gradientNorm: NaN, tokens: 1, clipShare: 0, kl: 0, entropy: 0, logprobDifference: 0 }),
  }
  await expect(makeUpdate(broken, [{ ...example, advantages: Float32Array.of(0, 1) }], update)).rejects.toThrow(
    'not finite, loss 1, gradient norm NaN',
  )
})
