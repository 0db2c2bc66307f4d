/** A group with what was constructed from it: what TAPO trains on and what its figures are taken over. */
import type { Credit } from '../algorithm/credit.ts'
import type { Group } from '../types.ts'
import type { Construction, Trajectory } from './method.ts'

export interface ConstructedGroup {
  readonly group: Group
  readonly constructions: readonly Construction[] // tried, refused ones included
  readonly credit: Credit // of the rollouts [G] and of the accepted constructions [C]
}

/** A construction that nothing refused. */
export type Accepted = Construction & { readonly trajectory: Trajectory }

export function accepted(constructions: readonly Construction[]): Accepted[] {
  return constructions.filter((construction): construction is Accepted => construction.trajectory !== undefined)
}
