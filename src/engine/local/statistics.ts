/** The figures of a step's tokens: summed token by token, then bin by bin, in double precision. */
import type { Example } from '../../types.ts'
import type { Divergence, Objective } from '../engine.ts'
import type { Figures } from '../step-figures.ts'
import type { Target } from './rows.ts'

/** Of the tokens of one bin; the outputs of its graph are by row. */
export function figuresOf(
  objective: Objective,
  targets: readonly Target[],
  examples: readonly Example[],
  outputs: Readonly<Record<string, Float32Array>>,
): Figures {
  const tokens = targets.map(({ sequence, t, row }): Figures => {
    const example = examples[sequence] as Example
    const at = (name: string): number => outputs[name]?.[row] as number
    const [old, advantage] = [example.logprobs[t] as number, example.advantages[t] as number]
    const { clipped, ...token } =
      objective.kind === 'divergence'
        ? { ...distance(at('logprobs') - old), ...taught(at('divergences'), at('cappedDivergences'), advantage) }
        : tokenLoss(objective, at('logprobs'), old, advantage)
    return { ...token, tokens: 1, clipped: clipped ? 1 : 0, entropy: at('entropies') }
  })
  return total(tokens)
}

/** In order. */
export function total(parts: readonly Figures[]): Figures {
  const sum = (name: keyof Figures): number => parts.reduce((before, part) => before + part[name], 0)
  return {
    tokens: sum('tokens'),
    loss: sum('loss'),
    clipped: sum('clipped'),
    kl: sum('kl'),
    entropy: sum('entropy'),
    difference: sum('difference'),
    divergence: sum('divergence'),
  }
}

interface TokenLoss {
  readonly loss: number
  readonly clipped: boolean
  readonly kl: number // ratio - 1 - log ratio
  readonly difference: number // |log ratio|
  readonly divergence: number
}

/** The objective at one token, as engine.ts defines it. */
function tokenLoss(objective: Exclude<Objective, Divergence>, logprob: number, old: number, advantage: number): TokenLoss {
  if (objective.kind === 'likelihood') return { loss: -advantage * logprob, clipped: false, ...distance(0), divergence: 0 }
  const ratio = Math.exp(logprob - old)
  const clipped = Math.min(Math.max(ratio, 1 - objective.clipLow), 1 + objective.clipHigh)
  return {
    loss: -Math.min(ratio * advantage, clipped * advantage),
    clipped: clipped * advantage < ratio * advantage,
    ...distance(logprob - old),
    divergence: 0,
  }
}

/** From the policy that sampled the token. */
function distance(logRatio: number): Pick<TokenLoss, 'kl' | 'difference'> {
  return { kl: Math.exp(logRatio) - 1 - logRatio, difference: Math.abs(logRatio) }
}

/** Of the terms' sum as it is and with each at most the cap. */
function taught(whole: number, capped: number, advantage: number): Omit<TokenLoss, 'kl' | 'difference'> {
  return { loss: advantage * capped, clipped: capped < whole, divergence: whole }
}
