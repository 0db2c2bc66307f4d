/** How often a verifier errs on pairs of which the verdict is known, by category, with intervals. Pure. */
import { type Interval, wilson } from './wilson.ts'

/** A pair of the corpus. */
export interface AuditPair {
  readonly gold: string
  readonly response: string
  readonly expected: 'right' | 'wrong'
  readonly category: string
  readonly held: boolean // kept aside when the verifier was written
}

export type AuditVerdict = 'right' | 'wrong' | 'undecided'

export interface AuditRow {
  readonly category: string
  readonly right: number // pairs that are right
  readonly wrong: number
  readonly falsePositives: Interval // of the wrong pairs
  readonly falseNegatives: Interval // of the right pairs
  readonly undecided: Interval // of all
}

/** A row for each category, and one for all of them last. */
export function auditRows(pairs: readonly AuditPair[], verdicts: readonly AuditVerdict[]): AuditRow[] {
  const judged = pairs.map((pair, index) => ({ ...pair, verdict: verdicts[index] }))
  const names = [...new Set(pairs.map(({ category }) => category))].sort()
  const row = (category: string, of: typeof judged): AuditRow => {
    const right = of.filter(({ expected }) => expected === 'right')
    const wrong = of.filter(({ expected }) => expected === 'wrong')
    const count = (rows: typeof judged, verdict: AuditVerdict): number => rows.filter((each) => each.verdict === verdict).length
    return {
      category,
      right: right.length,
      wrong: wrong.length,
      falsePositives: wilson(count(wrong, 'right'), wrong.length),
      falseNegatives: wilson(count(right, 'wrong'), right.length),
      undecided: wilson(count(of, 'undecided'), of.length),
    }
  }
  const rows = names.map((name) =>
    row(
      name,
      judged.filter(({ category }) => category === name),
    ),
  )
  return [...rows, row('all', judged)]
}
