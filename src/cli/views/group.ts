/** One problem of a step with everything that was made of it: attempts, verdicts, constructions, refusals. Pure. */
import { metricNames, type MetricName } from '../../methods/metric-names.ts'
import type { GroupRecord } from '../../store/reader.ts'
import type { RolloutRow } from '../../store/rollout-rows.ts'
import type { Tokenizer } from '../../text/tokenizer.ts'
import { excerpt, figure, printable } from './format.ts'
import type { Paint } from './paint.ts'
import { table } from './table.ts'
import { shadeLegend, trajectoryParts, trajectoryText } from './trajectory.ts'
import { labelled, wrapText } from './wrap.ts'

export interface GroupViewOptions {
  readonly tokenizer: Pick<Tokenizer, 'decode' | 'ends'> | undefined // without one, constructions are shown without shades
  readonly width: number
  readonly paint: Paint
}

/** A line for each problem of a step. */
export function groupsTable(groups: readonly GroupRecord[], width: number, paint: Paint): string {
  const rows = groups.map(({ problem, attempts, constructions }) => {
    const right = attempts.filter(({ reward }) => reward === 1).length
    const built = constructions.filter(({ refusal }) => refusal === undefined)
    const success = built.filter(({ reward }) => reward === 1).length
    return [
      paint('bold', problem.id),
      attempts.length === 0 ? '' : `${right}/${attempts.length}`,
      constructions.length === 0 ? '' : `${built.length}/${constructions.length}`,
      constructions.length === 0 ? '' : String(success),
      paint('dim', excerpt(problem.question, width - 50)),
    ]
  })
  const columns = [
    { title: 'problem' },
    { title: 'right', align: 'right' },
    { title: 'built', align: 'right' },
    { title: 'of them right', align: 'right' },
    { title: '' },
  ] as const
  return table(columns, rows, paint)
}

export function groupText(group: GroupRecord, options: GroupViewOptions): string {
  const { problem, attempts, constructions, negatives } = group
  const { width, paint } = options
  return [
    `${paint('bold', problem.id)}\n${wrapText(printable(problem.question), width).join('\n')}\n${paint('dim', 'gold answer')} ${problem.answer}`,
    ...attempts.map((row) => attemptText(row, options)),
    ...constructions.map((row) => constructionText(row, options)),
    ...negatives.map((row) => negativeText(row, paint)),
    ...(constructions.some(({ refusal }) => refusal === undefined) ? [shadeLegend(paint)] : []),
  ].join('\n\n')
}

function attemptText(row: RolloutRow, { width, paint }: GroupViewOptions): string {
  const cut = row.ending === 'length' ? paint('yellow', '  met the token limit') : ''
  const head = `${paint('bold', `attempt ${row.index}`)}  ${verdict(row, paint)}${cut}  ${numbers(row, paint)}`
  return `${head}\n${labelled('', wrapText(printable(row.text ?? ''), width - 2), 2)}`
}

function constructionText(row: RolloutRow, options: GroupViewOptions): string {
  const { width, paint } = options
  const from = paint('dim', `attempt ${row.source}, guided by ${row.reference}`)
  const name = paint('bold', `construction ${row.index}`)
  if (row.refusal !== undefined) {
    const meaning = metricNames[`construction.refused.${row.refusal}` as MetricName]?.meaning.replace('corrections refused: ', '') ?? ''
    const reply = wrapText(printable(row.replyText ?? ''), width - 2)
    return `${name}  ${paint('red', `refused, ${row.refusal}`)}: ${meaning}  ${from}\n${paint('dim', labelled('', reply, 2))}`
  }
  const analysis = row.analysis ? `\n${paint('dim', labelled('analysis', wrapText(printable(row.analysis), width - 20), 20))}` : ''
  return `${name}  ${verdict(row, paint)}  ${numbers(row, paint)}  ${from}${analysis}\n${bodyOf(row, options)}`
}

function bodyOf(row: RolloutRow, { tokenizer, width, paint }: GroupViewOptions): string {
  const parts = tokenizer && trajectoryParts(row, tokenizer)
  if (parts !== undefined) return trajectoryText(parts, width, paint)
  return labelled('', wrapText(printable(row.text ?? ''), width - 2), 2)
}

function negativeText(row: RolloutRow, paint: Paint): string {
  return `${paint('bold', `negative`)}  ${paint('dim', `attempt ${row.source} again, in the constructed group`)}  ${numbers(row, paint)}`
}

function verdict({ reward, answer }: RolloutRow, paint: Paint): string {
  const said = answer === undefined ? 'no answer' : `answer ${excerpt(answer, 20)}`
  return `${reward === 1 ? paint('green', 'right') : paint('red', 'wrong')}, ${said}`
}

/** Length in tokens, and the advantage that the tokens carry (its largest, where weights differ). */
function numbers({ tokens, promptLength, advantages }: RolloutRow, paint: Paint): string {
  const largest = advantages?.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0)
  const credit = largest === undefined ? 'not in the batch' : largest === 0 ? 'no gradient' : `advantage per token ${figure(largest)}`
  return paint('dim', `${tokens.length - promptLength} tokens, ${credit}`)
}
