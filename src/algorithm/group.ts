/** Reading a graded group: its rewards, and which of its rollouts are right. It judges nothing itself. */
import type { Group } from '../types.ts'

/** Outcome rewards [G], 0 or 1, in order of the rollouts; undefined where the verdict is undecided. */
export function rewards({ rollouts }: Pick<Group, 'rollouts'>): (number | undefined)[] {
  return rollouts.map(({ verdict }) => (verdict.undecided ? undefined : verdict.reward))
}

/** Indices of the rollouts that the verifier accepts, ascending. */
export function rightOf({ rollouts }: Pick<Group, 'rollouts'>): number[] {
  return rollouts.flatMap((rollout, index) => (rollout.verdict.reward === 1 ? [index] : []))
}

/** Indices of those that it refuses, ascending; what it could not decide is neither. */
export function wrongOf({ rollouts }: Pick<Group, 'rollouts'>): number[] {
  return rollouts.flatMap((rollout, index) => (rollout.verdict.reward === 1 || rollout.verdict.undecided ? [] : [index]))
}
