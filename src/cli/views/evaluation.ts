/** An evaluation as a person reads it, each rate with what it means. Pure. */
import type { Evaluation } from '../../evaluation/evaluate.ts'
import type { Figures } from '../../evaluation/figures.ts'
import { type Interval } from '../../evaluation/wilson.ts'
import { reflectionMarkers } from '../../text/markers.ts'
import { duration, percent, percentInterval } from './format.ts'
import type { Paint } from './paint.ts'
import { table } from './table.ts'

/** An evaluation and how it came about. */
export interface EvaluationResult extends Evaluation {
  readonly model: string
  readonly temperature: number
  readonly seconds: number
  readonly directory: string // where its answers are
}

type Line = readonly [label: string, value: string, meaning: string]

export function evaluationText(result: EvaluationResult, paint: Paint): string {
  const { name, model, problems, samples, temperature, passAt1, passAt1OverProblems, passAt1OverParts, parts, seconds, directory } = result
  const { passAtK, majority, greedy, meanLength, truncatedShare, undecidedShare } = result
  const lines: Line[] = [
    ['right', paint('bold', percentInterval(passAt1)), `answers at temperature ${temperature}; Wilson's interval`],
    ['', percentInterval(passAt1OverProblems), 'the same over other problems of this kind; bootstrap'],
    ...(passAt1OverParts === undefined ? [] : [['', percentInterval(passAt1OverParts), 'mean of the sets, each counted alike'] as const]),
    ...passAtK.filter(({ k }) => k > 1).map((each): Line => [`pass@${each.k}`, percentInterval(each), `at least one of ${each.k} right`]),
    ...(samples > 2 ? [['majority', percentInterval(majority), 'problems whose most frequent answer is right'] as const] : []),
    ...(greedy === undefined ? [] : [['greedy', percentInterval(greedy), 'answers at temperature 0'] as const]),
    ...reflectionLines(result),
    ['length', lengthInterval(meanLength), 'tokens, mean; bootstrap'],
    ['cut off', percentInterval(truncatedShare), 'answers that met the token limit'],
    ['undecided', percentInterval(undecidedShare), 'answers that could not be judged; they are not among the right ones'],
  ]
  return [
    `${paint('bold', name)}  ${problems.length} problems x ${samples}  ${paint('dim', `${model}  ${duration(seconds)}  ${directory}`)}`,
    ...lines.map(([label, value, meaning]) => `${label.padEnd(12)}${value.padEnd(26)}${paint('dim', meaning)}`),
    ...(parts === undefined ? [] : ['', partsTable(parts, paint)]),
  ].join('\n')
}

function reflectionLines({ reflection }: Evaluation): Line[] {
  if (reflection === undefined) return []
  const { reflectionRate, directSolutionRate, effectiveReflectionRate, directlyRight } = reflection
  const share = (value: Interval): string => (Number.isNaN(value.value) ? 'none' : percentInterval(value))
  return [
    ['reflecting', share(reflectionRate), `answers with a reflection marker (list ${reflectionMarkers.version})`],
    ['DSR', share(directSolutionRate), 'of the right answers: without reflection'],
    ['ERR', share(effectiveReflectionRate), 'of the answers with reflection: right'],
    ['both', share(directlyRight), 'of all answers: right and without reflection'],
  ]
}

/** A row for each set. */
function partsTable(parts: readonly Figures[], paint: Paint): string {
  const samples = parts[0]?.samples ?? 0
  const titles = [
    'set',
    'problems',
    'right',
    `pass@${samples}`,
    'majority',
    'reflecting',
    'DSR',
    'ERR',
    'both',
    'length',
    'cut off',
    'undecided',
  ]
  const share = (interval: Interval | undefined): string =>
    interval === undefined || Number.isNaN(interval.value) ? '' : percent(interval.value)
  const rows = parts.map(({ name, problems, passAt1, passAtK, majority, reflection, meanLength, truncatedShare, undecidedShare }) => [
    name,
    String(problems.length),
    percentInterval(passAt1),
    share(passAtK.at(-1)),
    share(majority),
    share(reflection?.reflectionRate),
    share(reflection?.directSolutionRate),
    share(reflection?.effectiveReflectionRate),
    share(reflection?.directlyRight),
    meanLength.value.toFixed(1),
    share(truncatedShare),
    share(undecidedShare),
  ])
  return table(
    titles.map((title, i) => ({ title, align: i === 0 ? 'left' : 'right' })),
    rows,
    paint,
  )
}

/** '30.2 [28.0, 32.5]' */
function lengthInterval({ value, low, high }: Interval): string {
  return `${value.toFixed(1)} [${low.toFixed(1)}, ${high.toFixed(1)}]`
}
