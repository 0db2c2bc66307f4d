/** An evaluation as a person reads it, each rate with what it means. Pure. */
import type { Evaluation } from '../../evaluation/evaluate.ts'
import { reflectionMarkers } from '../../text/markers.ts'
import { duration, percent, percentInterval } from './format.ts'
import type { Paint } from './paint.ts'

/** An evaluation and how it came about. */
export interface EvaluationResult extends Evaluation {
  readonly model: string
  readonly temperature: number
  readonly seconds: number
}

export function evaluationText(result: EvaluationResult, paint: Paint): string {
  const {
    name,
    model,
    problems,
    samples,
    temperature,
    passAt1,
    passAt1OverProblems,
    passAtK,
    greedy,
    meanLength,
    truncatedShare,
    seconds,
  } = result
  const lines: (readonly [string, string, string])[] = [
    ['right', paint('bold', percentInterval(passAt1)), `answers at temperature ${temperature}; Wilson's interval`],
    ['', percentInterval(passAt1OverProblems), 'the same over other problems of this kind; bootstrap'],
    ...passAtK.filter(({ k }) => k > 1).map(({ k, value }) => [`pass@${k}`, percent(value), `at least one of ${k} right`] as const),
    ...(greedy === undefined ? [] : [['greedy', percentInterval(greedy), 'answers at temperature 0'] as const]),
    ...reflectionLines(result),
    ['length', meanLength.toFixed(1), `tokens; ${percent(truncatedShare)} met the limit`],
  ]
  return [
    `${paint('bold', name)}  ${problems.length} problems x ${samples}  ${paint('dim', `${model}  ${duration(seconds)}`)}`,
    ...lines.map(([label, value, meaning]) => `${label.padEnd(12)}${value.padEnd(26)}${paint('dim', meaning)}`),
  ].join('\n')
}

function reflectionLines({ reflection }: Evaluation): (readonly [string, string, string])[] {
  if (reflection === undefined) return []
  const { reflectionRate, directSolutionRate, effectiveReflectionRate, directlyRight } = reflection
  const share = (value: number): string => (Number.isNaN(value) ? 'none' : percent(value))
  return [
    ['reflecting', share(reflectionRate), `answers with a reflection marker (list ${reflectionMarkers.version})`],
    ['DSR', share(directSolutionRate), 'of the right answers: without reflection'],
    ['ERR', share(effectiveReflectionRate), 'of the answers with reflection: right'],
    ['both', share(directlyRight), 'of all answers: right and without reflection'],
  ]
}
