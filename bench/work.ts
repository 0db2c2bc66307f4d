/** Our side of a case: the work that one repetition does, on the local engine behind its thread, as a run has it. */
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Sampling, Trainer, Update } from '../src/engine/engine.ts'
import { compile } from '../src/engine/local/session.ts'
import { localTrainer } from '../src/engine/local/trainer.ts'
import { linear } from '../src/graph/ops.ts'
import { external, input, type Value } from '../src/graph/value.ts'
import { fold, integer, seedOf, uniform } from '../src/random.ts'
import { loadTokenizer } from '../src/text/load-tokenizer.ts'
import type { Completion, Example } from '../src/types.ts'
import { type Case, modelConfig } from './cases.ts'
import { loop } from './loop.ts'
import { randomModel } from './model-folder.ts'

/** Does the work once and counts its tokens (floating-point operations for the peak). */
export type Once = () => Promise<number>

const SEED = seedOf(1)

const UPDATE: Update = {
  objective: { kind: 'policy-gradient', clipLow: 0.2, clipHigh: 0.2 },
  learningRate: 1e-6,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.1,
  maxGradientNorm: 1,
}

/** Gets everything ready that a run keeps between steps. */
export async function prepare(benchCase: Case, threads: number): Promise<Once> {
  if (benchCase.kind === 'peak') return peak(benchCase.size, threads)
  const model = await randomModel(modelConfig(benchCase.shape, endTokens(benchCase)))
  try {
    return await workOn(benchCase, model, await localTrainer({ model, threads }))
  } finally {
    await rm(dirname(model), { recursive: true }) // everything of it is in memory by now
  }
}

async function workOn(benchCase: Exclude<Case, Of<'peak'>>, model: string, trainer: Trainer): Promise<Once> {
  switch (benchCase.kind) {
    case 'rollout':
      return () => rollout(trainer, benchCase)
    case 'score':
      return () => score(trainer, benchCase)
    case 'update':
      return denseUpdate(trainer, benchCase)
    case 'step':
      return () => step(trainer, benchCase)
    case 'loop':
      return loop(trainer, benchCase, await loadTokenizer(model), UPDATE)
    default:
      return benchCase satisfies never
  }
}

/** Cases of some kinds. */
export type Of<K extends Case['kind']> = Extract<Case, { kind: K }>

/** How many ids end an answer; a tokenizer needs one, and of these answers it ends few. */
function endTokens(benchCase: Case): number {
  if (benchCase.kind === 'step') return benchCase.endTokens
  return benchCase.kind === 'loop' ? 1 : 0
}

/** A new policy each time, as after a step: what it compiles and packs is part of the work. */
async function sample(
  trainer: Trainer,
  { shape, prompts, answers, prompt, fresh }: Of<'rollout'> | Of<'step'>,
): Promise<{ prompt: Int32Array; answers: Completion[] }[]> {
  const sampling: Sampling = { count: answers, maxTokens: fresh, temperature: 1, topK: 0, topP: 1, minP: 0, stop: [] }
  const requests = Array.from({ length: prompts }, (_, at) => ({
    prompt: randomTokens(prompt, shape.vocabularySize, at),
    seed: fold(SEED, at),
  }))
  const policy = await trainer.policy()
  const completions = await policy.sample(requests, sampling)
  await policy.release()
  return requests.map((request, at) => ({ prompt: request.prompt, answers: completions[at] as Completion[] }))
}

async function rollout(trainer: Trainer, benchCase: Of<'rollout'>): Promise<number> {
  const groups = await sample(trainer, benchCase)
  return groups.flatMap((group) => group.answers).reduce((sum, { tokens }) => sum + tokens.length, 0)
}

async function score(trainer: Trainer, { shape, rows, length }: Of<'score' | 'update'>): Promise<number> {
  const policy = await trainer.policy()
  await policy.score(Array.from({ length: rows }, (_, at) => ({ tokens: randomTokens(length, shape.vocabularySize, at), from: 1 })))
  await policy.release()
  return rows * length
}

/** Every token but the first is trained; no two sequences share anything. */
function denseUpdate(trainer: Trainer, { shape, rows, length }: Of<'score' | 'update'>): Once {
  const examples = Array.from({ length: rows }, (_, at): Example => {
    const advantages = Float32Array.from({ length }, (_t, t) => (t === 0 ? 0 : (uniform(fold(SEED, at), t) + 0.5) / (rows * length)))
    const logprobs = new Float32Array(length).fill(-Math.log(shape.vocabularySize))
    return {
      id: `row ${at}`,
      origin: 'rollout',
      tokens: randomTokens(length, shape.vocabularySize, at),
      promptLength: 1,
      logprobs,
      advantages,
    }
  })
  return async () => {
    await trainer.step(examples, UPDATE)
    return rows * length
  }
}

async function step(trainer: Trainer, benchCase: Of<'step'>): Promise<number> {
  const groups = await sample(trainer, benchCase)
  const answers = groups.flatMap((group, at) =>
    group.answers.map((answer, member) => ({ ...group, answer, varies: at >= groups.length / 3, member })),
  )
  const tokens = answers.reduce((sum, { answer }) => sum + answer.tokens.length, 0)
  const examples = answers.map(({ prompt, answer, varies, member }, at): Example => {
    const before = new Float32Array(prompt.length)
    const advantage = varies ? (member % 2 === 0 ? 1 : -1) / tokens : 0
    return {
      id: `answer ${at}`,
      origin: 'rollout',
      tokens: Int32Array.from([...prompt, ...answer.tokens]),
      promptLength: prompt.length,
      logprobs: Float32Array.from([...before, ...answer.logprobs]),
      advantages: Float32Array.from([...before, ...answer.logprobs.map(() => advantage)]),
    }
  })
  await trainer.step(examples, UPDATE)
  return tokens
}

/** A chain of square matrix products with packed weights: what the machine gives at best. */
async function peak(size: number, threads: number): Promise<Once> {
  const names = Array.from({ length: 8 }, (_, at) => `w${at}`)
  const result = names.reduce((x: Value, name) => linear(x, external(name, [size, size])), input('x', [size, size]))
  const weight = (): Float32Array => Float32Array.from({ length: size * size }, (_, at) => uniform(SEED, at) / size)
  const session = await compile({ result }, { threads, weights: new Map(names.map((name) => [name, weight()])) })
  const x = { data: new Float32Array(size * size).fill(1), shape: [size, size] }
  return async () => {
    await session.run({ x })
    return names.length * 2 * size ** 3
  }
}

function randomTokens(length: number, vocabularySize: number, stream: number): Int32Array {
  return Int32Array.from({ length }, (_, at) => integer(fold(SEED, 7, stream), at, vocabularySize))
}
