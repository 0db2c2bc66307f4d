/** What a cold start's commands found, as a person reads it. Pure. */
import { type Counts, type Kind, kinds } from '../../coldstart/mixture.ts'
import { refusalMeaning } from '../../methods/metric-names.ts'
import type { Paint } from './paint.ts'
import { table } from './table.ts'

export interface Built {
  readonly path: string
  readonly writer: string
  readonly counts: Counts // of the mixture
  readonly there: Counts // before it was mixed
  readonly refusals: Readonly<Record<string, number>>
}

const FORMATS: Readonly<Record<Kind, string>> = {
  solution: 'SFT, right answers of the model',
  correction: 'SFT, wrong answers corrected',
  reflection: 'IFT, replies that correct them',
}

export function builtText({ path, writer, counts, there, refusals }: Built, paint: Paint): string {
  const rows = kinds.map((kind) => [kind, String(counts[kind]), String(there[kind]), paint('dim', FORMATS[kind])])
  const columns = [{ title: 'rows' }, { title: 'mixed', align: 'right' }, { title: 'there', align: 'right' }, { title: '' }] as const
  const refused = Object.entries(refusals).toSorted(([, a], [, b]) => b - a)
  const lines = refused.map(([reason, count]) => `${String(count).padStart(7)}  ${reason.padEnd(14)}${paint('dim', meaningOf(reason))}`)
  return [
    `${paint('bold', path)}  corrections by ${writer}`,
    table(columns, rows, paint),
    ...(lines.length === 0 ? [] : [paint('dim', 'tries that were refused'), ...lines]),
  ].join('\n')
}

const OTHERS: Readonly<Record<string, string>> = {
  wrong: 'its final answer is wrong',
  undecided: 'the verifier cannot decide on its final answer',
  'no-reference': 'no right answer and no worked solution to guide it',
  'not-known': 'the task does not know what is wrong with it',
}

function meaningOf(reason: string): string {
  return OTHERS[reason] ?? refusalMeaning(reason) ?? ''
}
