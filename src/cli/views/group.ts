/** One problem of a step with everything that was made of it: attempts, verdicts, constructions, refusals, demonstrations. Pure. */
import { metricNames, type MetricName } from '../../methods/metric-names.ts'
import type { GroupRecord } from '../../store/reader.ts'
import type { RolloutRow } from '../../store/rollout-rows.ts'
import { trajectoryParts } from '../../report/specimen.ts'
import type { Tokenizer } from '../../text/tokenizer.ts'
import { excerpt, figure, printable } from './format.ts'
import type { Paint } from './paint.ts'
import { shadeLegend, trajectoryText } from './trajectory.ts'
import { labelled, wrapText } from './wrap.ts'

export interface GroupViewOptions {
  readonly step: number
  readonly zone: Zone | undefined // where corrections are tried; undefined where they never are
  readonly tokenizer: Pick<Tokenizer, 'decode' | 'ends'> | undefined // without one, constructions are shown without shades
  readonly width: number
  readonly paint: Paint
}

/** Attempts that a group needs for corrections. */
export interface Zone {
  readonly minRight: number
  readonly minWrong: number
}

export function groupText(group: GroupRecord, options: GroupViewOptions): string {
  const { problem, attempts, constructions, negatives, demonstrations } = group
  const { step, width, paint } = options
  const sections = [
    `${paint('bold', problem.id)}  ${paint('dim', `step ${step}`)}\n${indented(problem.question, width)}\n${paint('dim', 'gold answer')} ${problem.answer}`,
    ...attempts.map((row) => attemptText(row, options)),
    constructions.length === 0 ? outsideText(attempts, options) : '',
    ...constructions.map((row) => constructionText(row, options)),
    negatives.map((row) => negativeText(row, paint)).join('\n'),
    ...demonstrations.map((row) => demonstrationText(row, problem.id, options)),
    constructions.some(({ refusal }) => refusal === undefined)
      ? `${paint('dim', 'beside each part the mean of its weights,')}\n${shadeLegend(width, paint)}`
      : '',
  ]
  return sections.filter((section) => section !== '').join('\n\n')
}

function attemptText(row: RolloutRow, { width, paint }: GroupViewOptions): string {
  const cut = row.ending === 'length' ? paint('yellow', '  met the token limit') : ''
  return `${paint('bold', `attempt ${row.index}`)}  ${verdict(row, paint)}${cut}  ${numbers(row, paint)}\n${indented(row.text, width)}`
}

/** Why nothing was corrected. */
function outsideText(attempts: readonly RolloutRow[], { zone, paint }: GroupViewOptions): string {
  if (zone === undefined) return ''
  const right = attempts.filter(({ reward }) => reward === 1).length
  const undecided = attempts.filter((row) => row.undecided === true).length
  const doubts = undecided === 0 ? '' : `, ${undecided} undecided`
  const had = `${right} right and ${attempts.length - right - undecided} wrong attempts${doubts}`
  return paint('dim', `no corrections: ${had}, they are tried from ${zone.minRight} right and ${zone.minWrong} wrong on`)
}

function constructionText(row: RolloutRow, options: GroupViewOptions): string {
  const { width, paint } = options
  const name = paint('bold', `construction ${row.index}`)
  const from = `  from attempt ${row.source}, guided by attempt ${row.reference}`
  if (row.refusal !== undefined) {
    const refused = paint('red', `refused: ${meaningOf(row.refusal)} (${row.refusal})`)
    return `${name}  ${refused}\n${paint('dim', `${from}; the reply:`)}\n${indented(row.replyText, width, paint)}`
  }
  const analysis = row.analysis ? `\n${paint('dim', labelled('analysis', wrapText(printable(row.analysis), width - 20), 20))}` : ''
  return `${name}  ${verdict(row, paint)}  ${numbers(row, paint)}\n${paint('dim', from)}${analysis}\n${bodyOf(row, options)}`
}

function meaningOf(refusal: string): string {
  return metricNames[`construction.refused.${refusal}` as MetricName]?.meaning.replace('corrections refused: ', '') ?? ''
}

function bodyOf(row: RolloutRow, { tokenizer, width, paint }: GroupViewOptions): string {
  const parts = tokenizer && trajectoryParts(row, tokenizer)
  return parts === undefined ? indented(row.text, width) : trajectoryText(parts, width, paint)
}

function negativeText(row: RolloutRow, paint: Paint): string {
  return `${paint('bold', 'negative')}  attempt ${row.source} again, compared with the constructions  ${numbers(row, paint)}`
}

/** Its name without the problem's: 'solution', 'correction 3', 'reflection 3'. */
function demonstrationText(row: RolloutRow, problem: string, { tokenizer, width, paint }: GroupViewOptions): string {
  const name = (row.exampleId ?? '').slice(problem.length + 1)
  const text = tokenizer?.decode(row.tokens.subarray(row.promptLength))
  const body = text === undefined ? '' : `\n${indented(text, width)}`
  return `${paint('bold', `demonstration, ${name}`)}  ${paint('dim', `${row.tokens.length - row.promptLength} tokens`)}${body}`
}

function verdict({ reward, answer, undecided }: RolloutRow, paint: Paint): string {
  const said = answer === undefined ? 'no answer' : `answer ${excerpt(answer, 20)}`
  const word = undecided === true ? paint('yellow', 'undecided') : reward === 1 ? paint('green', 'right') : paint('red', 'wrong')
  return `${word}, ${said}`
}

/** Length in tokens, and the advantage that the tokens carry: the largest, where weights differ. */
function numbers({ tokens, promptLength, advantages }: RolloutRow, paint: Paint): string {
  const own = advantages?.subarray(promptLength)
  const largest = own?.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0)
  const isEven = own?.every((value) => value === largest) === true
  const credit =
    largest === undefined
      ? 'not trained on'
      : largest === 0
        ? 'no gradient'
        : `advantage per token ${isEven ? '' : 'up to '}${figure(largest)}`
  return paint('dim', `${tokens.length - promptLength} tokens, ${credit}`)
}

function indented(text: string | undefined, width: number, paint?: Paint): string {
  const lines = labelled('', wrapText(printable(text ?? ''), width - 2), 2)
  return paint === undefined ? lines : paint('dim', lines)
}
