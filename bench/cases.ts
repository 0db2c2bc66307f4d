/** What is measured: shapes of models, and work on them. Plain data: the same JSON goes to our side and to PyTorch's. */
import type { ModelConfig } from '../src/model/config.ts'

/** A Llama with random weights, tied embeddings, in F32. `microRows`: sequences that PyTorch computes at once, the fastest number found. */
export interface Shape {
  readonly name: 'S' | 'M' | 'L'
  readonly hiddenSize: number
  readonly layers: number
  readonly heads: number
  readonly kvHeads: number
  readonly headSize: number
  readonly feedForwardSize: number
  readonly vocabularySize: number
  readonly contextLength: number
  readonly microRows: number
}

const S: Shape = {
  name: 'S',
  hiddenSize: 256,
  layers: 4,
  heads: 8,
  kvHeads: 8,
  headSize: 32,
  feedForwardSize: 768,
  vocabularySize: 512,
  contextLength: 4096,
  microRows: 8,
}
const M: Shape = {
  name: 'M',
  hiddenSize: 384,
  layers: 6,
  heads: 6,
  kvHeads: 6,
  headSize: 64,
  feedForwardSize: 1024,
  vocabularySize: 2048,
  contextLength: 4096,
  microRows: 16,
}
const L: Shape = {
  name: 'L',
  hiddenSize: 576,
  layers: 30,
  heads: 9,
  kvHeads: 3,
  headSize: 64,
  feedForwardSize: 1536,
  vocabularySize: 49152,
  contextLength: 4096,
  microRows: 2,
}

/** What is done once per repetition. Lengths and sizes in tokens and rows. */
export type Work =
  | { readonly kind: 'rollout'; readonly prompts: number; readonly answers: number; readonly prompt: number; readonly fresh: number } // `fresh` new tokens a row
  | { readonly kind: 'score' | 'update'; readonly rows: number; readonly length: number } // dense: every token but the first is scored or trained
  | {
      readonly kind: 'step' // rollout and update of groups, of which the first third has no variance
      readonly prompts: number
      readonly answers: number
      readonly prompt: number
      readonly fresh: number // at most; a row ends with one of the ids below `endTokens`
      readonly endTokens: number
    }
  | { readonly kind: 'loop'; readonly prompts: number; readonly answers: number; readonly prompt: number; readonly fresh: number } // a whole step of train.ts: text, verdicts and log too
  | { readonly kind: 'peak'; readonly size: number } // square matrix products

export type Case = Work & {
  readonly shape: Shape
  readonly variant: string // tells cases of one shape and measure apart; '' is the one to quote
  readonly repetitions: number
  readonly peer?: 'torch' | 'trl' // who does the same work
}

export const PEAK: Case = { kind: 'peak', size: 1024, shape: S, variant: '', repetitions: 15, peer: 'torch' }

/** Answers end at random: one token in a hundred is an end token, which gives lengths up to 128 with a mean of 72. */
const ENDING_SHARE = 0.01

/** One shape's cases: `rows` answers of `fresh` tokens, and `dense` sequences to score and to train on. */
function casesOf(
  shape: Shape,
  repetitions: number,
  rollout: { rows: number; fresh: number },
  dense: { rows: number; length: number },
): Case[] {
  const { rows, fresh } = rollout
  const base = { shape, variant: '', repetitions, peer: 'torch' } as const
  const endTokens = Math.round(shape.vocabularySize * ENDING_SHARE)
  const steps: Case[] = [
    { ...base, kind: 'step', prompts: 32, answers: 8, prompt: 64, fresh: 128, endTokens },
    { ...base, kind: 'loop', variant: 'whole loop', peer: 'trl', prompts: 32, answers: 8, prompt: 16, fresh: 64 },
  ]
  return [
    { ...base, kind: 'rollout', prompts: rows, answers: 1, prompt: 64, fresh },
    { ...base, kind: 'rollout', variant: 'groups of 8', prompts: rows / 8, answers: 8, prompt: 64, fresh },
    { ...base, kind: 'score', ...dense },
    { ...base, kind: 'update', ...dense },
    ...(shape.name === 'L' ? [] : steps),
  ]
}

/** How the time per token depends on the number of rows and on the length. Ours alone. */
const curves: Case[] = [
  ...[
    ...[1, 8, 32, 64, 128, 256, 512, 1024].map((rows) => ({ prompts: rows, fresh: 64, variant: `rows ${rows}` })),
    ...[128, 256, 512, 1024, 2048].map((length) => ({ prompts: 32, fresh: length - 64, variant: `length ${length}` })),
  ].map((part) => ({ ...part, shape: S, kind: 'rollout', answers: 1, prompt: 64, repetitions: 2 }) as const),
  ...[128, 256, 512, 1024, 2048].map(
    (length) => ({ shape: S, kind: 'update', rows: 8192 / length, length, variant: `length ${length}`, repetitions: 2 }) as const,
  ),
]

export const CASES: readonly Case[] = [
  ...casesOf(S, 3, { rows: 64, fresh: 128 }, { rows: 64, length: 192 }),
  ...casesOf(M, 3, { rows: 64, fresh: 128 }, { rows: 64, length: 192 }),
  ...casesOf(L, 2, { rows: 32, fresh: 64 }, { rows: 8, length: 128 }),
  ...curves,
]

/** The model of a case, as config.json would say it. The ids that end an answer are the first ones. */
export function modelConfig({ name, microRows, ...sizes }: Shape, endTokens: number): ModelConfig {
  return {
    ...sizes,
    architecture: 'llama',
    normEpsilon: 1e-5,
    rope: { theta: 10_000 },
    attentionBias: false,
    queryKeyNorm: false,
    tiedEmbeddings: true,
    endTokens: Array.from({ length: endTokens }, (_, id) => id),
  }
}
