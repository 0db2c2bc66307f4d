/** What a step's constructions look like in numbers (metric-names.ts). Pure. */
import type { Credit } from '../algorithm/credit.ts'
import { refusals } from '../algorithm/refusal.ts'
import { clampShares, type Suppression } from '../algorithm/suppression.ts'
import type { Construction, Trajectory } from './method.ts'
import { meanOf, type Metrics, shareOf } from './metric-names.ts'

export interface ConstructedStep {
  readonly constructions: readonly Construction[]
  readonly sourceLengths: readonly number[] // tokens of the wrong attempt behind each construction
  readonly eligible: readonly boolean[] // of each group
  readonly credits: readonly Credit[] // of each group
  readonly suppression: Suppression | 'off'
}

export function constructionMetrics({ constructions, sourceLengths, eligible, credits, suppression }: ConstructedStep): Metrics {
  const trajectories = constructions.flatMap(({ trajectory }) => trajectory ?? [])
  const shares = constructions.flatMap(({ trajectory }, i) => (trajectory ? [trajectory.prefixLength / (sourceLengths[i] as number)] : []))
  const constructed = credits.filter((credit) => credit.constructed !== 'none')
  return {
    'group.eligible': shareOf(eligible, (is) => is),
    'construction.attempted': constructions.length,
    'construction.parseRate': shareOf(constructions, ({ trajectory }) => trajectory !== undefined),
    'construction.successRate': shareOf(trajectories, ({ verdict }) => verdict.reward === 1),
    'construction.zeroVariance': shareOf(constructed, (credit) => credit.constructed === 'zero-variance'),
    'construction.length': meanOf(trajectories.map(({ tokens }) => tokens.length)),
    'construction.prefixLength': meanOf(trajectories.map(({ prefixLength }) => prefixLength)),
    'construction.prefixShare': meanOf(shares),
    'construction.diagnosisLength': meanOf(trajectories.map(({ diagnosisLength }) => diagnosisLength)),
    'construction.logprob': meanOf(trajectories.flatMap(({ scores }) => Array.from(scores.logprobs))),
    'construction.entropy': meanOf(trajectories.flatMap(({ scores }) => Array.from(scores.entropies))),
    ...weightMetrics(trajectories, suppression),
    ...refusalMetrics(constructions),
  }
}

function weightMetrics(trajectories: readonly Trajectory[], suppression: Suppression | 'off'): Metrics {
  const within = (part: (trajectory: Trajectory) => readonly [number, number]): Float32Array =>
    Float32Array.from(trajectories.flatMap((trajectory) => Array.from(trajectory.weights.slice(...part(trajectory)))))
  const all = within(({ weights }) => [0, weights.length])
  const clamped = all.length === 0 ? undefined : clampShares(all, suppression)
  return {
    'weight.mean': meanOf(all),
    'weight.prefix': meanOf(within(({ prefixLength }) => [0, prefixLength])),
    'weight.diagnosis': meanOf(within(({ prefixLength, diagnosisLength }) => [prefixLength, prefixLength + diagnosisLength])),
    'weight.correction': meanOf(within(({ prefixLength, diagnosisLength, weights }) => [prefixLength + diagnosisLength, weights.length])),
    'weight.atLow': clamped?.low,
    'weight.atHigh': clamped?.high,
  }
}

/** Every reason is counted, those that did not occur as 0. */
function refusalMetrics(constructions: readonly Construction[]): Metrics {
  return Object.fromEntries(
    refusals.map((reason) => [`construction.refused.${reason}`, constructions.filter(({ refusal }) => refusal === reason).length]),
  )
}
