/**
 * What `Sampling` means for one token, in plain numbers: the reference for every engine, and all that the scripted one does.
 * It is exact and slow; an engine of its own is free to compute the same distribution in another way.
 */
import type { Sampling } from './engine.ts'

/** Natural log-probabilities [V] of logits [V] at temperature 1. */
export function logSoftmax(logits: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(logits)
  const top = values.reduce((a, b) => Math.max(a, b), -Infinity)
  const normalizer = top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0))
  return values.map((value) => value - normalizer)
}

/** Entropy in nats of log-probabilities [V]. */
export function entropyOf(logprobs: Float64Array): number {
  return -logprobs.reduce((sum, logprob) => sum + (logprob === -Infinity ? 0 : Math.exp(logprob) * logprob), 0)
}

/**
 * The probabilities [V] that a token is drawn from: temperature, then the topK likeliest, then the fewest likeliest that hold topP, then
 * those of at least minP times the likeliest, renormalized after each. Of equally likely tokens the lower id goes first.
 */
export function drawnFrom(
  logits: ArrayLike<number>,
  { temperature, topK, topP, minP }: Omit<Sampling, 'count' | 'maxTokens' | 'stop'>,
): Float64Array {
  const order = Array.from(logits, (_, token) => token).toSorted((a, b) => logits[b]! - logits[a]! || a - b)
  if (temperature === 0)
    return renormalized(
      only(
        Float64Array.from(logits, () => 1),
        order.slice(0, 1),
      ),
    )
  let probabilities: Float64Array = logSoftmax(Array.from(logits, (logit) => logit / temperature)).map(Math.exp)
  if (topK > 0) probabilities = renormalized(only(probabilities, order.slice(0, topK)))
  if (topP < 1) probabilities = renormalized(only(probabilities, nucleus(probabilities, order, topP)))
  const floor = minP * probabilities[order[0]!]!
  return renormalized(probabilities.map((probability) => (probability < floor ? 0 : probability)))
}

/** The token at which the cumulative probability, by id, passes `u` in [0, 1). */
export function tokenAt(probabilities: Float64Array, u: number): number {
  let cumulative = 0
  let last = 0
  for (let token = 0; token < probabilities.length; token++) {
    if (probabilities[token] === 0) continue
    cumulative += probabilities[token]!
    last = token
    if (u < cumulative) break
  }
  return last
}

/** The shortest run of `order` that holds at least `topP`. */
function nucleus(probabilities: Float64Array, order: readonly number[], topP: number): number[] {
  let held = 0
  const end = order.findIndex((token) => (held += probabilities[token]!) >= topP)
  return order.slice(0, end < 0 ? order.length : end + 1)
}

function only(probabilities: Float64Array, tokens: readonly number[]): Float64Array {
  const kept = new Float64Array(probabilities.length)
  for (const token of tokens) kept[token] = probabilities[token]!
  return kept
}

function renormalized(probabilities: Float64Array): Float64Array {
  const total = probabilities.reduce((sum, probability) => sum + probability, 0)
  return probabilities.map((probability) => probability / total)
}
