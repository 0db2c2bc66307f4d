/**
 * Did the model find its own first error? Where a task knows the truth step by step, the kept prefix of each construction is compared
 * with the one that the task would keep (metric-names.ts). It is only logged: training does not see it.
 */
import { tokensUntil } from '../algorithm/prefix.ts'
import type { Rollout } from '../types.ts'
import { accepted, type ConstructedGroup } from './constructed.ts'
import type { MethodContext } from './method.ts'
import { type Metrics, shareOf } from './metric-names.ts'
import { attemptOf } from './synthesis.ts'

export function auditMetrics(groups: readonly ConstructedGroup[], context: MethodContext): Metrics {
  const beyond = groups.flatMap((each) => keptBeyondError(each, context))
  return {
    'audit.exact': shareOf(beyond, (tokens) => tokens === 0),
    'audit.early': shareOf(beyond, (tokens) => tokens < 0),
    'audit.late': shareOf(beyond, (tokens) => tokens > 0),
  }
}

/** Of each accepted construction that keeps a prefix and that the task can judge: tokens kept beyond the end of the first error. */
function keptBeyondError({ group, constructions }: ConstructedGroup, { task, tokenizer }: MethodContext): number[] {
  return accepted(constructions).flatMap(({ source, trajectory }) => {
    const rollout = group.rollouts[source] as Rollout
    const truth = trajectory.prefixLength > 0 ? task.correct?.(group.problem, rollout.text) : undefined
    return truth === undefined ? [] : [trajectory.prefixLength - tokensUntil(attemptOf(rollout, tokenizer), truth.keep)]
  })
}
