/** What the conformance tests examine, and what they all start from: prompts, batches, and prints that tell whether weights are equal. */
import { expect, test } from 'vitest'
import { fold, integer, seedOf } from '../random.ts'
import type { Completion, Example, TokenScores } from '../types.ts'
import type { Policy, SampleRequest, Sampling, Trainer, Update } from './engine.ts'

/** An engine to examine: small, random weights, room for 40 tokens. */
export interface Specimen {
  readonly trainer: Trainer
  readonly vocabularySize: number // at most 64: every token is scored, and any answer of 200 meets the end token sooner or later
  readonly endToken: number // the only one
  readonly decode: (tokens: ArrayLike<number>) => string // as the engine itself reads text for stop strings; the end token has none
}

/** Declares one test of a promise, on a fresh specimen that is closed afterwards. */
export type Examine = (promise: string, body: (specimen: Specimen) => Promise<void>) => void

export function examiner(make: () => Promise<Specimen>): Examine {
  return (promise, body) => {
    test.for([promise])('%s', async () => {
      expect.hasAssertions()
      const specimen = await make()
      try {
        await body(specimen)
      } finally {
        await specimen.trainer.close()
      }
    })
  }
}

export const closeTo: number = 4 // decimals to which float32 engines agree with themselves by another way
export const plain: Sampling = { count: 4, maxTokens: 10, temperature: 1, topK: 0, topP: 1, minP: 0, stop: [] }
export const update: Update = {
  objective: { kind: 'likelihood' },
  learningRate: 3e-3,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradientNorm: 1,
}
export const surrogate: Update = { ...update, objective: { kind: 'policy-gradient', clipLow: 0.2, clipHigh: 0.3 } }

/** A prompt of `length` tokens, none of them the end token. */
export function prompt({ vocabularySize, endToken }: Specimen, number: number, length: number): Int32Array {
  return Int32Array.from({ length }, (_, t) => (endToken + 1 + integer(fold(seedOf(5), number), t, vocabularySize - 1)) % vocabularySize)
}

/** Three prompts of different lengths, each with a seed of its own. */
export function requests(specimen: Specimen): [SampleRequest, SampleRequest, SampleRequest] {
  return [
    { prompt: prompt(specimen, 0, 7), seed: fold(seedOf(11), 0) },
    { prompt: prompt(specimen, 1, 2), seed: fold(seedOf(11), 1) },
    { prompt: prompt(specimen, 2, 12), seed: fold(seedOf(11), 2) },
  ]
}

export function sequence({ prompt: context }: SampleRequest, { tokens }: Completion): Int32Array {
  return Int32Array.from([...context, ...tokens])
}

/** Answers to the first request and all their tokens as one training batch with this advantage and, per token, log p - `logRatio` as the old log-probability. */
export async function batch(
  specimen: Specimen,
  policy: Policy,
  { advantage = 1, logRatio = 0 }: { readonly advantage?: number; readonly logRatio?: number } = {},
): Promise<Example[]> {
  const [request] = requests(specimen)
  const [answers] = await policy.sample([request], plain)
  const scores = await policy.score(answers!.map((answer) => ({ tokens: sequence(request, answer), from: request.prompt.length })))
  return answers!.map((answer, i) => {
    const tokens = sequence(request, answer)
    const trained = (value: number): Float32Array => new Float32Array(tokens.length).fill(value, request.prompt.length)
    const logprobs = scores[i]!.logprobs.map((logprob, t) => (t < request.prompt.length ? 0 : logprob - logRatio))
    return { id: `answer ${i}`, origin: 'rollout', tokens, promptLength: request.prompt.length, logprobs, advantages: trained(advantage) }
  })
}

/** Scores of fixed sequences: equal bits mean equal weights. */
export async function fingerprint(specimen: Specimen, policy: Policy): Promise<TokenScores[]> {
  return policy.score([0, 1, 2].map((number) => ({ tokens: prompt(specimen, number, 9), from: 1 })))
}

/** Log-probabilities [V] of the token after a prompt. */
export async function nextToken({ vocabularySize }: Specimen, policy: Policy, context: Int32Array): Promise<Float64Array> {
  const scores = await policy.score(
    Array.from({ length: vocabularySize }, (_, token) => ({ tokens: Int32Array.from([...context, token]), from: context.length })),
  )
  return Float64Array.from(scores, ({ logprobs }) => logprobs.at(-1)!)
}

/** Summed log-probability of the answers of examples. */
export async function answerLogprob(policy: Policy, examples: readonly Example[]): Promise<number> {
  const scores = await policy.score(examples.map(({ tokens, promptLength }) => ({ tokens, from: promptLength })))
  return scores.reduce((sum, { logprobs }) => sum + logprobs.reduce((a, b) => a + b, 0), 0)
}
