/** Where a second verifier and ours disagree on pairs of which the verdict is known, and which of the two errs. Pure. */
import type { AuditPair, AuditVerdict } from './verifier-audit.ts'

export interface SecondOpinion {
  readonly says: 'right' | 'wrong' | 'nothing'
  readonly why: string
}

export interface Disagreement extends AuditPair {
  readonly ours: AuditVerdict
  readonly theirs: 'right' | 'wrong'
  readonly why: string // of theirs
}

export interface OpinionCounts {
  readonly pairs: number
  readonly agreed: number
  readonly silent: number // it says nothing
  readonly oursRight: number // of the pairs on which the two disagree: ours is the known verdict
  readonly theirsRight: number
  readonly undecided: number // by ours
  readonly decided: number // of those by the second one
  readonly decidedRight: number // of those as it should be
  readonly disagreements: readonly Disagreement[] // without those that ours leaves undecided
}

export function opinionCounts(
  pairs: readonly AuditPair[],
  verdicts: readonly AuditVerdict[],
  opinions: readonly SecondOpinion[],
): OpinionCounts {
  const all = pairs.map((pair, index) => ({
    pair,
    ours: verdicts[index] as AuditVerdict,
    ...(opinions[index] as SecondOpinion),
  }))
  const spoken = all.filter(({ says }) => says !== 'nothing')
  const undecided = spoken.filter(({ ours }) => ours === 'undecided')
  const disagreements = spoken.flatMap(({ pair, ours, says, why }): Disagreement[] =>
    ours === 'undecided' || ours === says || says === 'nothing' ? [] : [{ ...pair, ours, theirs: says, why }],
  )
  return {
    pairs: pairs.length,
    agreed: spoken.filter(({ ours, says }) => ours === says).length,
    silent: all.length - spoken.length,
    oursRight: disagreements.filter(({ ours, expected }) => ours === expected).length,
    theirsRight: disagreements.filter(({ theirs, expected }) => theirs === expected).length,
    undecided: verdicts.filter((verdict) => verdict === 'undecided').length,
    decided: undecided.length,
    decidedRight: undecided.filter(({ says, pair }) => says === pair.expected).length,
    disagreements,
  }
}
