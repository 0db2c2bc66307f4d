/**
 * From credited sequences to training examples: the one place that lines up arrays and checks their lengths, and the one place
 * where the mean over tokens, lambda and every weight are folded into the per-token advantages, so that engines only sum.
 */
import { DataError } from '../errors.ts'
import type { Example } from '../types.ts'

/** One sequence before it becomes flat arrays. P tokens of prompt, A of answer. */
export interface Sequence {
  readonly id: string
  readonly origin: Example['origin']
  readonly prompt: Int32Array // [P]
  readonly tokens: Int32Array // [A]
  readonly logprobs?: Float32Array // [A], old log-probabilities; the likelihood objective has none
  readonly advantage: number | Float32Array // of the whole sequence, or of each answer token [A]; all 0 = not trained
  readonly weights?: Float32Array // [A], each >= 0; 1 where there are none
  readonly contextLength?: number // answer tokens [0, contextLength) are context, not trained
}

/**
 * What the sum over tokens is divided by [D], with N sequences that have an advantage other than 0:
 * - token-mean: all their trained tokens together, so each token counts alike;
 * - sequence-mean: each sequence's own trained tokens, then N, so each sequence counts alike;
 * - constant-length: the response limit, then N (Dr. GRPO), so that length has no say.
 */
export type Aggregation = 'token-mean' | 'sequence-mean' | 'constant-length'

export interface ExampleOptions {
  readonly aggregation: Aggregation
  readonly maxTokens: number // the response limit
  readonly scale?: number // lambda; 1 by default
}

/** One example for each sequence, in order; the means are over the sequences given here and no others. */
export function examples(sequences: readonly Sequence[], { aggregation, maxTokens, scale = 1 }: ExampleOptions): Example[] {
  const trained = sequences.filter(isTrained)
  const allTokens = trained.reduce((sum, sequence) => sum + trainedTokens(sequence), 0)
  const divisor = (sequence: Sequence): number => {
    switch (aggregation) {
      case 'token-mean':
        return allTokens
      case 'sequence-mean':
        return trainedTokens(sequence) * trained.length
      case 'constant-length':
        return maxTokens * trained.length
      default:
        return aggregation satisfies never
    }
  }
  return sequences.map((sequence) => example(sequence, isTrained(sequence) ? creditOf(sequence, scale, divisor(sequence)) : () => 0))
}

function isTrained({ advantage }: Sequence): boolean {
  return typeof advantage === 'number' ? advantage !== 0 : advantage.some((value) => value !== 0)
}

/** The advantage of answer token t before its weight, lambda and the mean folded in. */
function creditOf({ advantage }: Sequence, scale: number, divisor: number): (t: number) => number {
  return typeof advantage === 'number' ? () => (scale * advantage) / divisor : (t) => (scale * (advantage[t] as number)) / divisor
}

/** Answer tokens that are counted when the sequence is trained, those whose own advantage happens to be 0 included. */
function trainedTokens({ tokens, contextLength = 0 }: Sequence): number {
  return tokens.length - contextLength
}

function example(sequence: Sequence, credit: (t: number) => number): Example {
  checkLengths(sequence)
  const { id, origin, prompt, tokens, logprobs, weights, contextLength = 0 } = sequence
  const promptLength = prompt.length
  const length = promptLength + tokens.length
  const flat = { tokens: new Int32Array(length), logprobs: new Float32Array(length), advantages: new Float32Array(length) }
  flat.tokens.set(prompt)
  flat.tokens.set(tokens, promptLength)
  if (logprobs) flat.logprobs.set(logprobs, promptLength)
  for (let t = contextLength; t < tokens.length; t++) flat.advantages[promptLength + t] = credit(t) * (weights?.[t] ?? 1)
  return { id, origin, promptLength, ...flat }
}

function checkLengths({ id, tokens, logprobs, weights, advantage, contextLength = 0 }: Sequence): void {
  const advantages = typeof advantage === 'number' ? undefined : advantage
  const lengths = [logprobs?.length, weights?.length, advantages?.length].filter((length) => length !== undefined)
  if (lengths.every((length) => length === tokens.length) && contextLength < tokens.length) return
  const said = [
    `${tokens.length} tokens`,
    logprobs && `${logprobs.length} logprobs`,
    weights && `${weights.length} weights`,
    advantages && `${advantages.length} advantages`,
    `${contextLength} of context`,
  ]
  throw new DataError(`example ${id}: ${said.filter(Boolean).join(', ')}`)
}
