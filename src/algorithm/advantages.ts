/**
 * Advantages of one group: how much better each member is than the group. And where TAPO's second group comes in: the
 * constructed sequences are compared among themselves, so the rollouts' advantages are the same with and without them [P].
 */

export interface Baseline {
  readonly deviation: 'population' | 'sample' // population: over n [D]; sample: over n - 1
  readonly epsilon: number // added to the deviation
}

export const defaultBaseline: Baseline = { deviation: 'population', epsilon: 1e-6 }

/** Whether all members were rewarded alike, so that nothing can be learnt from comparing them; true of no members. */
export function hasZeroVariance(rewards: readonly number[]): boolean {
  return rewards.every((reward) => reward === rewards[0])
}

/** (r_i - mean r) / (std r + epsilon) [P]; exactly 0 for each where the rewards do not vary. */
export function advantages(rewards: readonly number[], { deviation, epsilon }: Baseline = defaultBaseline): number[] {
  if (hasZeroVariance(rewards)) return rewards.map(() => 0)
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length
  const squares = rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0)
  const std = Math.sqrt(squares / (deviation === 'sample' ? rewards.length - 1 : rewards.length))
  return rewards.map((reward) => (reward - mean) / (std + epsilon))
}
