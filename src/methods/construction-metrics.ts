/** What a step's constructions look like in numbers (metric-names.ts). Pure. */
import { isEligible } from '../algorithm/candidates.ts'
import { refusals } from '../algorithm/refusal.ts'
import { clampShares, type Suppression } from '../algorithm/suppression.ts'
import type { Rollout } from '../types.ts'
import { accepted, type ConstructedGroup } from './constructed.ts'
import type { Construction, Trajectory } from './method.ts'
import { meanOf, type Metrics, shareOf } from './metric-names.ts'
import type { SynthesisOptions } from './synthesis.ts'

export function constructionMetrics(groups: readonly ConstructedGroup[], { zone, suppression }: SynthesisOptions): Metrics {
  const constructions = groups.flatMap((each) => each.constructions)
  const trajectories = accepted(constructions).map(({ trajectory }) => trajectory)
  const constructed = groups.filter(({ credit }) => credit.constructed !== 'none')
  return {
    'group.eligible': shareOf(groups, ({ group }) => isEligible(group, zone)),
    'construction.attempted': constructions.length,
    'construction.parseRate': shareOf(constructions, ({ trajectory }) => trajectory !== undefined),
    'construction.successRate': shareOf(trajectories, ({ verdict }) => verdict.reward === 1),
    'construction.undecided': trajectories.filter(({ verdict }) => verdict.undecided).length || undefined,
    'construction.zeroVariance': shareOf(constructed, ({ credit }) => credit.constructed === 'zero-variance'),
    'construction.length': meanOf(trajectories.map(({ tokens }) => tokens.length)),
    'construction.prefixLength': meanOf(trajectories.map(({ prefixLength }) => prefixLength)),
    'construction.prefixShare': meanOf(groups.flatMap(keptShares)),
    'construction.diagnosisLength': meanOf(trajectories.map(({ diagnosisLength }) => diagnosisLength)),
    'construction.logprob': meanOf(trajectories.flatMap(({ scores }) => Array.from(scores.logprobs))),
    'construction.entropy': meanOf(trajectories.flatMap(({ scores }) => Array.from(scores.entropies))),
    ...weightMetrics(trajectories, suppression),
    ...refusalMetrics(constructions),
  }
}

/** Of each accepted construction: the share of the wrong rollout that is kept. */
function keptShares({ group, constructions }: ConstructedGroup): number[] {
  return accepted(constructions).map(
    ({ source, trajectory }) => trajectory.prefixLength / (group.rollouts[source] as Rollout).completion.tokens.length,
  )
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
