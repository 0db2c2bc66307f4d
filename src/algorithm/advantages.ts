/**
 * Advantages of one group: how much better each member is than the group. And where TAPO's second group comes in: the
 * constructed sequences are compared among themselves, so the rollouts' advantages are the same with and without them [P].
 */

export interface Baseline {
  /**
   * What divides the centred rewards: their deviation over n (population [D]) or over n - 1 (sample); 1 (none: Dr. GRPO, Liu et al. 2025); or
   * (n - 1) / n, which sets each member against the mean of the others (leave-one-out: RLOO, Ahmadian et al. 2024).
   */
  readonly deviation: 'population' | 'sample' | 'none' | 'leave-one-out'
  readonly epsilon: number // added to the deviation; not to the last two
}

export const defaultBaseline: Baseline = { deviation: 'population', epsilon: 1e-6 }

/** A member's reward; undefined for one that is not compared, because its verdict is undecided. */
export type Reward = number | undefined

/** Whether all members were rewarded alike, so that nothing can be learnt from comparing them; true of no members. */
export function hasZeroVariance(rewards: readonly Reward[]): boolean {
  const compared = rewards.filter((reward) => reward !== undefined)
  return compared.every((reward) => reward === compared[0])
}

/** (r_i - mean r) / (std r + epsilon) [P], or what the baseline says; exactly 0 for each where the rewards do not vary, and for who is not compared. */
export function advantages(rewards: readonly Reward[], { deviation, epsilon }: Baseline = defaultBaseline): number[] {
  if (hasZeroVariance(rewards)) return rewards.map(() => 0)
  const compared = rewards.filter((reward) => reward !== undefined)
  const count = compared.length
  const mean = compared.reduce((sum, reward) => sum + reward, 0) / count
  const squares = compared.reduce((sum, reward) => sum + (reward - mean) ** 2, 0)
  const divisors = {
    population: Math.sqrt(squares / count) + epsilon,
    sample: Math.sqrt(squares / (count - 1)) + epsilon,
    none: 1,
    'leave-one-out': (count - 1) / count,
  }
  return rewards.map((reward) => (reward === undefined ? 0 : (reward - mean) / divisors[deviation]))
}
