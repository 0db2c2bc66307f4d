/** What `tapo train` says at its end: before and after, one trajectory that was built and trained on, where the run lies, what to try next. Pure. */
import { accuracyOf, changeOf } from '../../evaluation/records.ts'
import type { EvaluationEvent } from '../../store/events.ts'
import type { RolloutRow } from '../../store/rollout-rows.ts'
import { changeText, percent, percentInterval, printable } from './format.ts'
import { type Paint, padded } from './paint.ts'
import { shadeLegend, type TrajectoryParts, trajectoryText } from './trajectory.ts'
import { labelled, wrapText } from './wrap.ts'

export interface Report {
  readonly directory: string
  readonly evaluations: readonly EvaluationEvent[]
  readonly specimen: Specimen | undefined
  readonly next: readonly NextCommand[]
}

/** A construction that was trained on. */
export interface Specimen {
  readonly step: number
  readonly row: RolloutRow
  readonly parts: TrajectoryParts
}

export interface NextCommand {
  readonly command: string
  readonly what: string
}

export function reportText({ directory, evaluations, specimen, next }: Report, width: number, paint: Paint): string {
  const sections = [
    beforeAndAfter(evaluations, paint),
    specimen && specimenText(specimen, width, paint),
    `${heading('The run', paint)}\n${directory}`,
    nextText(next, paint),
  ]
  return sections.filter((section) => section !== undefined && section !== '').join('\n\n')
}

/** First and last evaluation, and the change over the same problems. */
function beforeAndAfter(evaluations: readonly EvaluationEvent[], paint: Paint): string {
  const [first, last] = [evaluations[0], evaluations.at(-1)]
  if (first === undefined || last === undefined || first === last) return ''
  const rows = [
    ['before', percentInterval(accuracyOf(first)), greedyOf(first)],
    ['after', paint('bold', percentInterval(accuracyOf(last))), greedyOf(last)],
  ]
  const { difference } = changeOf(first, last)
  const note = `right answers of ${first.problems.length} held-out problems x ${first.samples}, ${first.name}; 95 % intervals`
  return [
    heading('Before and after', paint),
    ...rows.map(([name = '', accuracy = '', greedy = '']) => `${name.padEnd(8)}${padded(accuracy, 24)}${paint('dim', greedy)}`),
    `${'change'.padEnd(8)}${changeText(difference, paint)}`,
    paint('dim', note),
  ].join('\n')
}

function greedyOf({ figures }: EvaluationEvent): string {
  return figures['greedy'] === undefined ? '' : `at temperature 0: ${percent(figures['greedy'])}`
}

function specimenText({ step, row, parts }: Specimen, width: number, paint: Paint): string {
  const verdict = row.reward === 1 ? paint('green', 'right') : paint('red', 'wrong')
  return [
    heading(`A trajectory that the model built from its own mistake and was trained on in step ${step}`, paint),
    labelled('problem', wrapText(printable(row.question ?? ''), width - 20), 20),
    trajectoryText(parts, width, paint),
    `${'answer'.padEnd(20)}${row.answer ?? 'none'}, ${verdict}`,
    shadeLegend(width, paint),
  ].join('\n')
}

function nextText(next: readonly NextCommand[], paint: Paint): string {
  const lines = next.map(({ command, what }) => `${paint('cyan', command)}\n  ${paint('dim', what)}`)
  return [heading('To try next', paint), ...lines].join('\n')
}

function heading(text: string, paint: Paint): string {
  return paint(['bold', 'underline'], text)
}

/**
 * The construction to show: trained on, right, with all three parts; of those with the most `merit`, and of the shorter half of them, the
 * one with the liveliest weights.
 */
export function pickSpecimen(rows: readonly RolloutRow[], merit: (row: RolloutRow) => number = () => 0): RolloutRow | undefined {
  const isTrained = (row: RolloutRow): boolean => row.advantages?.some((advantage) => advantage !== 0) === true
  const isWhole = ({ prefixLength = 0, diagnosisLength = 0, correctionLength = 0 }: RolloutRow): boolean =>
    prefixLength > 0 && diagnosisLength > 0 && correctionLength > 1
  const candidates = rows.filter((row) => row.kind === 'construction' && row.reward === 1 && isTrained(row) && isWhole(row))
  const most = Math.max(...candidates.map(merit))
  const byLength = candidates.filter((row) => merit(row) === most).toSorted((a, b) => a.tokens.length - b.tokens.length)
  const shorter = byLength.slice(0, Math.ceil(byLength.length / 2))
  return shorter.toSorted((a, b) => spread(b) - spread(a))[0]
}

/** Standard deviation of the weights. */
function spread({ weights = new Float32Array(), promptLength }: RolloutRow): number {
  const own = weights.subarray(promptLength)
  const mean = own.reduce((sum, weight) => sum + weight, 0) / own.length
  return Math.sqrt(own.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / own.length)
}
