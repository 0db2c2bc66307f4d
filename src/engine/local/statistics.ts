/** The figures of one step, summed token by token in double precision. */
import type { Example } from '../../types.ts'
import type { Objective, StepReport } from '../engine.ts'
import type { Target } from './rows.ts'

export interface Statistics {
  /** Adds the tokens of one micro-batch; arrays are by row. */
  add(targets: readonly Target[], examples: readonly Example[], logprobs: Float32Array, entropies: Float32Array): void
  report(gradientNorm: number): StepReport
}

export function statistics(objective: Objective): Statistics {
  const sums = { tokens: 0, loss: 0, clipped: 0, kl: 0, entropy: 0, difference: 0 }
  return {
    add(targets, examples, logprobs, entropies) {
      targets.forEach(({ sequence, t, row }) => {
        const example = examples[sequence] as Example
        const logprob = logprobs[row] as number
        const token = tokenLoss(objective, logprob, example.logprobs[t] as number, example.advantages[t] as number)
        sums.tokens++
        sums.loss += token.loss
        sums.clipped += token.clipped ? 1 : 0
        sums.kl += token.kl
        sums.entropy += entropies[row] as number
        sums.difference += token.difference
      })
    },
    report(gradientNorm) {
      const mean = (sum: number): number => (sums.tokens === 0 ? 0 : sum / sums.tokens)
      return {
        loss: sums.loss,
        gradientNorm,
        tokens: sums.tokens,
        clipShare: mean(sums.clipped),
        kl: mean(sums.kl),
        entropy: mean(sums.entropy),
        logprobDifference: mean(sums.difference),
      }
    },
  }
}

interface TokenLoss {
  readonly loss: number
  readonly clipped: boolean
  readonly kl: number // ratio - 1 - log ratio
  readonly difference: number // |log ratio|
}

/** The objective at one token, as engine.ts defines it. */
export function tokenLoss(objective: Objective, logprob: number, old: number, advantage: number): TokenLoss {
  if (objective.kind === 'likelihood') return { loss: -advantage * logprob, clipped: false, kl: 0, difference: 0 }
  const ratio = Math.exp(logprob - old)
  const clipped = Math.min(Math.max(ratio, 1 - objective.clipLow), 1 + objective.clipHigh)
  return {
    loss: -Math.min(ratio * advantage, clipped * advantage),
    clipped: clipped * advantage < ratio * advantage,
    kl: ratio - 1 - (logprob - old),
    difference: Math.abs(logprob - old),
  }
}
