/**
 * Token suppression [P]: a constructed sequence is off the model's own path, so tokens that it would hardly have produced
 * count less. s_t = log p_t + H_t and w_t = clamp(exp(s_t), low, high). E[log p] = -H, so a typical token has w near 1, a
 * forced one the lower clamp, and one likelier than typical at an uncertain place more than 1. The weights are data: no
 * gradient flows through them [I].
 */
import type { TokenScores } from '../types.ts'

/** The clamps of w_t. The word 'off' in its place switches suppression off: w_t = 1. */
export interface Suppression {
  readonly low: number // > 0: no token is masked [P]
  readonly high: number
}

export const paperSuppression: Suppression = { low: 0.01, high: 10 } // [P]

/** w_t [T] from log-probabilities and entropies [T] at temperature 1. */
export function suppressionWeights({ logprobs, entropies }: TokenScores, suppression: Suppression | 'off'): Float32Array {
  if (suppression === 'off') return new Float32Array(logprobs.length).fill(1)
  const { low, high } = suppression
  return logprobs.map((logprob, t) => Math.min(Math.max(Math.exp(logprob + (entropies[t] as number)), low), high))
}

/** Shares of weights in [0, 1] that stand at the lower and at the upper clamp; 0 of no weights or without suppression. */
export function clampShares(weights: Float32Array, suppression: Suppression | 'off'): { readonly low: number; readonly high: number } {
  if (suppression === 'off' || weights.length === 0) return { low: 0, high: 0 }
  const share = (bound: number): number => weights.filter((weight) => weight === Math.fround(bound)).length / weights.length
  return { low: share(suppression.low), high: share(suppression.high) }
}
