/** The figures of a step's tokens: summed token by token, then bin by bin, in double precision. */
import type { Example } from '../../types.ts'
import type { Divergence, Objective } from '../engine.ts'
import type { Figures } from '../step-figures.ts'
import type { Target } from './rows.ts'

type Sums = { -readonly [name in keyof Figures]: number }

const none = (): Sums => ({ tokens: 0, loss: 0, clipped: 0, kl: 0, entropy: 0, difference: 0, divergence: 0 })

/** Of the tokens of one bin; the outputs of its graph are by row. */
export function figuresOf(
  objective: Objective,
  targets: readonly Target[],
  examples: readonly Example[],
  { logprobs, entropies, divergences, cappedDivergences }: Readonly<Record<string, Float32Array>>,
): Figures {
  const sums = none()
  for (const { sequence, t, row } of targets) {
    const example = examples[sequence] as Example
    const [logprob, old, advantage] = [logprobs?.[row] as number, example.logprobs[t] as number, example.advantages[t] as number]
    const { loss, clipped, divergence } =
      objective.kind === 'divergence'
        ? taught(divergences?.[row] as number, cappedDivergences?.[row] as number, advantage)
        : tokenLoss(objective, logprob, old, advantage)
    const logRatio = objective.kind === 'likelihood' ? 0 : logprob - old // to the policy that sampled the token
    sums.tokens++
    sums.loss += loss
    sums.clipped += clipped ? 1 : 0
    sums.kl += Math.exp(logRatio) - 1 - logRatio
    sums.entropy += entropies?.[row] as number
    sums.difference += Math.abs(logRatio)
    sums.divergence += divergence
  }
  return sums
}

/** In order. */
export function total(parts: readonly Figures[]): Figures {
  const sums = none()
  for (const part of parts) for (const name of Object.keys(sums) as (keyof Figures)[]) sums[name] += part[name]
  return sums
}

interface TokenLoss {
  readonly loss: number
  readonly clipped: boolean
  readonly divergence: number
}

/** The objective at one token, as engine.ts defines it. */
function tokenLoss(objective: Exclude<Objective, Divergence>, logprob: number, old: number, advantage: number): TokenLoss {
  if (objective.kind === 'likelihood') return { loss: -advantage * logprob, clipped: false, divergence: 0 }
  const ratio = Math.exp(logprob - old)
  const clipped = Math.min(Math.max(ratio, 1 - objective.clipLow), 1 + objective.clipHigh)
  return { loss: -Math.min(ratio * advantage, clipped * advantage), clipped: clipped * advantage < ratio * advantage, divergence: 0 }
}

/** Of the terms' sum as it is and with each at most the cap. */
function taught(whole: number, capped: number, advantage: number): TokenLoss {
  return { loss: advantage * capped, clipped: capped < whole, divergence: whole }
}
