/** What groups and examples of a step look like in numbers, for every method (metric-names.ts). Pure. */
import { hasZeroVariance } from '../algorithm/advantages.ts'
import { rewards, rightOf, wrongOf } from '../algorithm/group.ts'
import type { Example, Group } from '../types.ts'
import type { MethodContext } from './method.ts'
import { type Metrics, shareOf } from './metric-names.ts'

export function groupMetrics(groups: readonly Group[], { reflects }: Pick<MethodContext, 'reflects'>): Metrics {
  const attempted = groups.filter((group) => group.rollouts.length > 0)
  return {
    'group.zeroVariance': shareOf(attempted, (group) => hasZeroVariance(rewards(group))),
    'group.allRight': shareOf(attempted, (group) => rightOf(group).length === group.rollouts.length),
    'group.allWrong': shareOf(attempted, (group) => wrongOf(group).length === group.rollouts.length),
    reflectionRate:
      reflects &&
      shareOf(
        attempted.flatMap((group) => group.rollouts),
        (rollout) => reflects(rollout.text),
      ),
  }
}

/** How many examples of each origin have a gradient; origins that a method does not make are left out by naming those that it makes. */
export function trainedMetrics(examples: readonly Example[], origins: readonly Example['origin'][]): Metrics {
  const trained = examples.filter((example) => example.advantages.some((advantage) => advantage !== 0))
  return Object.fromEntries(origins.map((origin) => [`trained.${origin}`, trained.filter((example) => example.origin === origin).length]))
}
