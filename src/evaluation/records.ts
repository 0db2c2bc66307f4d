/** Logged evaluations as figures. Pure. */
import { seedOf } from '../random.ts'
import type { EvaluationRecord } from '../store/events.ts'
import { type Comparison, comparePaired } from './paired.ts'
import { type Interval, wilson } from './wilson.ts'

type Graded = Pick<EvaluationRecord, 'right' | 'samples'>

/** Wilson over all answers. */
export function accuracyOf({ right, samples }: Graded): Interval {
  return wilson(
    right.reduce((sum, count) => sum + count, 0),
    right.length * samples,
  )
}

/** A logged figure with its ends; NaN where it is not there. */
export function intervalIn(figures: EvaluationRecord['figures'], name: string): Interval {
  const [value = Number.NaN, low = Number.NaN, high = Number.NaN] = [name, `${name}Low`, `${name}High`].map((each) => figures[each])
  return { value, low, high }
}

/** From one to the other, which asked the same problems. */
export function changeOf(before: Graded, after: Graded): Comparison {
  return comparePaired(sharesOf(before), sharesOf(after), seedOf(0))
}

/** The share of right answers, for each problem. */
export function sharesOf({ right, samples }: Graded): number[] {
  return right.map((count) => count / samples)
}
