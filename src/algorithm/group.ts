/** Reading a graded group: its rewards, and which of its rollouts are right. It judges nothing itself. */
import type { Group, Verdict } from '../types.ts'

/** The outcome reward, 0 or 1; undefined where it is undecided. */
export function rewardOf({ reward, undecided }: Verdict): number | undefined {
  return undecided ? undefined : reward
}

/** Those of a group [G], in order of the rollouts. */
export function rewards({ rollouts }: Pick<Group, 'rollouts'>): (number | undefined)[] {
  return rollouts.map(({ verdict }) => rewardOf(verdict))
}

/** Indices of the rollouts that the verifier accepts, ascending. */
export function rightOf({ rollouts }: Pick<Group, 'rollouts'>): number[] {
  return rollouts.flatMap((rollout, index) => (rollout.verdict.reward === 1 ? [index] : []))
}

/** Indices of those that it refuses, ascending; what it could not decide is neither. */
export function wrongOf({ rollouts }: Pick<Group, 'rollouts'>): number[] {
  return rollouts.flatMap(({ verdict }, index) => (rewardOf(verdict) === 0 ? [index] : []))
}
