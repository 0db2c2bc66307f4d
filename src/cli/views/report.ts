/** What `tapo train` says at its end: before and after, one trajectory that was built and trained on, where the run lies, what to try next. Pure. */
import { accuracyOf, changeOf } from '../../evaluation/records.ts'
import type { Specimen } from '../../report/specimen.ts'
import type { EvaluationEvent } from '../../store/events.ts'
import { changeText, percent, percentInterval, printable } from './format.ts'
import { type Paint, padded } from './paint.ts'
import { shadeLegend, trajectoryText } from './trajectory.ts'
import { labelled, wrapText } from './wrap.ts'

export interface Report {
  readonly directory: string
  readonly evaluations: readonly EvaluationEvent[]
  readonly specimen: Specimen | undefined
  readonly next: readonly NextCommand[]
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
