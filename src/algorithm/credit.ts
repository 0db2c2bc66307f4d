/**
 * Who is compared with whom in one group, and what comes of it. Decoupled [P]: the rollouts among themselves, and the
 * constructed group (constructions and their negatives) among itself, so that constructing changes no rollout's advantage.
 */
import { advantages, type Baseline, hasZeroVariance, type Reward } from './advantages.ts'

export interface CreditOptions {
  readonly baseline: Baseline
  readonly comparison: 'decoupled' | 'coupled' // coupled: constructions join the rollouts' group, the contamination that the paper warns of
  readonly negatives: 'failed' | 'source' | 'both' | 'none' // members of the constructed group with reward 0 [D]
  readonly whenAllRight: 'skip' | 'imitate' // a constructed group without a negative: no gradient, or advantage 1 for each [D]
}

/** Advantages; 0 where a sequence is no member of its group. */
export interface Credit {
  readonly rollouts: readonly number[] // [G]
  readonly constructions: readonly number[] // [C]
  readonly sources: readonly number[] // [C], of the wrong rollout that construction c came from, as a member of the constructed group
  readonly constructed: 'none' | 'zero-variance' | 'varied' // what kind of constructed group there was
}

/** `outcomes` [G] are the rollouts' rewards, `constructed` [C] those of the constructions that can be trained on; undecided ones are members of no group. */
export function credit(outcomes: readonly Reward[], constructed: readonly Reward[], options: CreditOptions): Credit {
  const { baseline, comparison, negatives } = options
  const failed = negatives === 'failed' || negatives === 'both'
  const members = constructed.flatMap((reward, index) => (reward === 1 || (failed && reward === 0) ? [index] : []))
  const memberRewards = members.map((index) => constructed[index] as number)
  if (comparison === 'coupled') {
    const joint = advantages([...outcomes, ...memberRewards], baseline)
    const constructions = spread(members, joint.slice(outcomes.length), constructed.length)
    return { rollouts: joint.slice(0, outcomes.length), constructions, sources: constructed.map(() => 0), constructed: kind(memberRewards) }
  }
  const sources = negatives === 'source' || negatives === 'both' ? members : []
  const group = [...memberRewards, ...sources.map(() => 0)]
  const values = constructedAdvantages(group, options)
  return {
    rollouts: advantages(outcomes, baseline),
    constructions: spread(members, values, constructed.length),
    sources: spread(sources, values.slice(members.length), constructed.length),
    constructed: kind(group),
  }
}

function constructedAdvantages(group: readonly number[], { baseline, whenAllRight }: CreditOptions): number[] {
  if (whenAllRight === 'imitate' && group.every((reward) => reward === 1)) return group.map(() => 1)
  return advantages(group, baseline)
}

function kind(group: readonly number[]): Credit['constructed'] {
  if (group.length === 0) return 'none'
  return hasZeroVariance(group) ? 'zero-variance' : 'varied'
}

/** values[i] at places[i] of `length` zeros. */
function spread(places: readonly number[], values: readonly number[], length: number): number[] {
  const all = Array.from({ length }, () => 0)
  places.forEach((place, i) => (all[place] = values[i] as number))
  return all
}
