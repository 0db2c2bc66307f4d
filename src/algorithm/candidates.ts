/**
 * Difficulty-aware candidate selection: which wrong rollouts of a group are to be corrected, and which right one guides each.
 * The zone [P] is decided on outcomes, never on a shaped reward [D].
 */
import { choose, fold, integer, type Seed } from '../random.ts'
import type { Group } from '../types.ts'
import { rightOf, wrongOf } from './group.ts'

export interface Zone {
  readonly minRight: number // n_pos: right rollouts that a group must have, >= 1
  readonly minWrong: number // n_neg: wrong rollouts that it must have, >= 1
  readonly maxConstructions: number // m_max: corrections of one group
}

export const paperZone: Zone = { minRight: 2, minWrong: 4, maxConstructions: 4 } // [P], for groups of 8

/** Indices into the group's rollouts. */
export interface Candidate {
  readonly source: number // a wrong rollout
  readonly reference: number // a right one
}

/** Whether the problem is at the edge of ability: right often enough to have a guide, wrong often enough to be worth it. */
export function isEligible(group: Pick<Group, 'rollouts'>, { minRight, minWrong }: Zone): boolean {
  return rightOf(group).length >= minRight && wrongOf(group).length >= minWrong
}

/** Wrong rollouts at random without replacement [D], each with a right one at random [P]; none outside the zone. */
export function candidates(group: Pick<Group, 'rollouts'>, zone: Zone, seed: Seed): Candidate[] {
  if (!isEligible(group, zone)) return []
  const right = rightOf(group)
  const sources = choose(fold(seed, 0), wrongOf(group), zone.maxConstructions)
  return sources.map((source, i) => ({ source, reference: right[integer(fold(seed, 1), i, right.length)] as number }))
}
