/** What a step reports, from sums over its tokens. */
import { EngineError } from '../errors.ts'
import type { Objective, StepReport } from './engine.ts'

/** Sums over tokens. */
export interface Figures {
  readonly tokens: number
  readonly loss: number
  readonly clipped: number
  readonly kl: number
  readonly entropy: number
  readonly difference: number
  readonly divergence: number
}

/** Throws EngineError when the loss or the gradient is not finite. */
export function reportOf(objective: Objective, sums: Figures, gradientNorm: number): StepReport {
  if (!Number.isFinite(sums.loss) || !Number.isFinite(gradientNorm)) {
    throw new EngineError(`training step: loss ${sums.loss}, gradient norm ${gradientNorm}; the weights are as before the step`)
  }
  const mean = (sum: number): number => (sums.tokens === 0 ? 0 : sum / sums.tokens)
  return {
    loss: sums.loss,
    gradientNorm,
    tokens: sums.tokens,
    clipShare: mean(sums.clipped),
    kl: mean(sums.kl),
    entropy: mean(sums.entropy),
    logprobDifference: mean(sums.difference),
    ...(objective.kind === 'divergence' && { divergence: mean(sums.divergence) }),
  }
}
