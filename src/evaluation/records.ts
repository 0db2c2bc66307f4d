/** Logged evaluations as figures. Pure. */
import { seedOf } from '../random.ts'
import type { EvaluationRecord } from '../store/events.ts'
import { type Comparison, comparePaired } from './paired.ts'
import { type Interval, wilson } from './wilson.ts'

/** Wilson over all answers. */
export function accuracyOf({ right, samples }: EvaluationRecord): Interval {
  return wilson(
    right.reduce((sum, count) => sum + count, 0),
    right.length * samples,
  )
}

/** From one to the other, which asked the same problems. */
export function changeOf(before: EvaluationRecord, after: EvaluationRecord): Comparison {
  const shares = ({ right, samples }: EvaluationRecord): number[] => right.map((count) => count / samples)
  return comparePaired(shares(before), shares(after), seedOf(0))
}
