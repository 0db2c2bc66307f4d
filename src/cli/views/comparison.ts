/** Two evaluations side by side. Pure. */
import type { Comparison } from '../../evaluation/paired.ts'
import type { Interval } from '../../evaluation/wilson.ts'
import type { EvaluationRecord, Json } from '../../store/events.ts'
import { changeText, percentInterval } from './format.ts'
import type { Paint } from './paint.ts'

/** One evaluation, of a run or in a folder of its own. */
export interface Side {
  readonly directory: string
  readonly step: number | null // updates behind the weights; null where no run made them
  readonly evaluation: Omit<EvaluationRecord, 'figures'>
  readonly asked: { readonly kind: 'run' | 'folder'; readonly data: string; readonly settings: Json } // hash; of the sampling
  readonly accuracy: Interval
  readonly undecided: Interval // of all answers; NaN in a log of before it was measured
}

const MOST_SHOWN = 3 // problems of each direction

export function comparisonText(before: Side, after: Side, { difference, p, detectable, better, worse }: Comparison, paint: Paint): string {
  const { name, samples, problems } = before.evaluation
  const sideName = ({ directory, step }: Side): string => (step === null ? directory : `${directory}, step ${step}`)
  const width = Math.max(...[before, after].map((side) => sideName(side).length), 'difference'.length) + 2
  const line = (label: string, value: string, meaning: string): string =>
    `${label.padEnd(width)}${value}${meaning === '' ? '' : `  ${paint('dim', meaning)}`}`
  const isUndecided = [before, after].some(({ undecided }) => undecided.value > 0)
  const doubts = ({ undecided }: Side): string => (isUndecided ? `undecided ${percentInterval(undecided)}` : '')
  const alike = problems.length - better.length - worse.length
  const moved = [...better.slice(0, MOST_SHOWN), ...worse.slice(0, MOST_SHOWN)].map(
    (i) => `${before.evaluation.right[i]} -> ${after.evaluation.right[i]} of ${samples}  ${problems[i]}`,
  )
  return [
    `${paint('bold', name)}  ${problems.length} problems x ${samples}, the same on both sides; 95 % intervals`,
    line(sideName(before), percentInterval(before.accuracy), doubts(before)),
    line(sideName(after), percentInterval(after.accuracy), doubts(after)),
    line('difference', changeText(difference, paint), `p = ${pText(p)}, paired over problems`),
    line('detectable', `${(100 * detectable).toFixed(1)} points`, 'a true difference that such a sample shows 8 times in 10'),
    line('problems', `${better.length} better, ${worse.length} worse, ${alike} alike`, ''),
    ...moved.map((each, i) => line(i === 0 ? 'most changed' : '', each, '')),
  ].join('\n')
}

/** '0.034', or '< 0.001' below what is worth telling apart. */
function pText(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3)
}
