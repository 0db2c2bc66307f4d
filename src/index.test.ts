/** The public API as its users take it: a task of one's own, an engine, a method, a run. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { grpo, readRun, Run, scripted, type Task, type Tokenizer, train, type TrainSettings } from './index.ts'

/** Answer with the digit that was asked. Tokens 0 to 9 are digits, 10 ends. */
const task: Task = {
  name: 'echo',
  problems: () => ({ size: 10, at: (index) => ({ id: `echo/${index}`, question: String(index), answer: String(index) }) }),
  ask: (problem) => problem.question,
  verify: (problem, answer) => ({ reward: answer.startsWith(problem.answer) ? 1 : 0, answer }),
  askForReflection: () => '',
}
const digits = (tokens: ArrayLike<number>): string =>
  Array.from(tokens)
    .filter((token) => token < 10)
    .join('')
const tokenizer: Tokenizer = {
  vocabularySize: 11,
  endTokens: [10],
  encode: (text) => Int32Array.from(text, Number),
  decode: digits,
  ends: (tokens) => Int32Array.from(tokens, (_, t) => digits(Array.from(tokens).slice(0, t + 1)).length),
  prompt: (user) => Int32Array.from(user, Number),
}
const settings: TrainSettings = {
  seed: 1,
  steps: 40,
  problemsPerStep: 10,
  sampling: { count: 16, maxTokens: 2, temperature: 1, topK: 0, topP: 1, minP: 0, stop: [] },
  optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, maxGradientNorm: 1 },
  schedule: { kind: 'constant', learningRate: 0.2, warmupSteps: 0, steps: 40 },
  evaluateEverySteps: 0,
  checkpointEverySteps: 0,
}

test('a task, an engine, a method and a folder are a run that learns', async () => {
  const directory = join(mkdtempSync(join(tmpdir(), 'tapo-index-')), 'run')
  const run = Run.create(directory, { config: {}, data: '', model: '', steps: settings.steps, package: 'test' })
  const trainer = scripted({ vocabularySize: 11, endTokens: [10] })
  const accuracy: number[] = []
  for await (const progress of train({ run, trainer, tokenizer, task, problems: task.problems('train'), method: grpo(), settings })) {
    if (progress.type === 'step') accuracy.push(progress.metrics['accuracy'] ?? NaN)
  }
  run.close()
  expect(accuracy[0]).toBeLessThan(0.25)
  expect(accuracy.at(-1)).toBeGreaterThan(0.8)
  expect(readRun(directory).state).toBe('finished')
})
