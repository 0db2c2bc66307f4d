/**
 * Rows to learn from, and how many of each kind make the mixture (docs/paper.md, cold start). Two formats [I]: `sft`, the plain problem and
 * a solution, right or micro-reflective; `ift`, the synthesis prompt and the whole tagged reply. Pure.
 */
import { rightOf } from '../algorithm/group.ts'
import { synthesisReply } from '../algorithm/prompt.ts'
import { parseReflection } from '../algorithm/reflection.ts'
import { DataError } from '../errors.ts'
import { choose, fold, integer, type Seed } from '../random.ts'
import type { Group, Judge } from '../types.ts'
import type { CorrectionRow } from './corrections.ts'

export const kinds = ['solution', 'correction', 'reflection'] as const
export type Kind = (typeof kinds)[number]

/** One example with its provenance. No field is ever empty of meaning by being absent: '' and -1 say that there is none. */
export interface MixtureRow {
  readonly id: string // 'mini/train/17 correction 3'
  readonly kind: Kind // a right solution, a micro-reflective one, a synthesis reply
  readonly format: 'sft' | 'ift'
  readonly problem: string // id
  readonly prompt: string // the user's message
  readonly completion: string // what is learnt, without an end token
  readonly prefix: string // its beginning that is the wrong answer's own; in a reply, of its reconstruction
  readonly source: string // the wrong answer
  readonly attempt: number // which of the problem's kept answers is the solution or the wrong one
  readonly writer: string // 'model': the answer itself; 'task', 'self' or the name of a server's model
  readonly checks: readonly string[] // that it passed: right, parsed, prefix
}

export interface RowContext {
  readonly task: Judge
  readonly writer: string
  readonly seed: Seed // of the problem
}

/** What one problem gives: a right answer of the model at random, and the correction with its reply. */
export function rowsOfProblem(group: Group, correction: CorrectionRow | undefined, context: RowContext): MixtureRow[] {
  return [...solutionRow(group, context), ...(correction === undefined ? [] : correctedRows(group, correction, context))]
}

function solutionRow(group: Group, { task, seed }: RowContext): MixtureRow[] {
  const right = rightOf(group)
  if (right.length === 0) return []
  const attempt = right[integer(seed, 0, right.length)] as number
  const completion = group.rollouts[attempt]?.text ?? ''
  const { id } = group.problem
  const whole = { problem: id, prompt: task.ask(group.problem), completion, prefix: '', source: '', attempt, writer: 'model' }
  return [{ id: `${id} solution ${attempt}`, kind: 'solution', format: 'sft', ...whole, checks: ['right'] }]
}

function correctedRows(group: Group, { source, written }: CorrectionRow, { task, writer }: RowContext): MixtureRow[] {
  if (written === null) return []
  const { problem, rollouts } = group
  const { prefix, completion, analysis, reference } = written
  const wrong = rollouts[source]?.text ?? ''
  const checks = writer === 'task' ? ['prefix', 'right'] : ['parsed', 'prefix', 'right']
  const shared = { problem: problem.id, prefix, source: wrong, attempt: source, writer, checks }
  const plain: MixtureRow = {
    id: `${problem.id} correction ${source}`,
    kind: 'correction',
    format: 'sft',
    prompt: task.ask(problem),
    completion,
    ...shared,
  }
  if (analysis === '' || reference === '') return [plain]
  const prompt = task.askForReflection(problem, wrong, reference)
  const reply = synthesisReply(analysis, completion)
  return [plain, { id: `${problem.id} reflection ${source}`, kind: 'reflection', format: 'ift', ...shared, prompt, completion: reply }]
}

export type Counts = Readonly<Record<Kind, number>>

/** How many rows of each kind: so many, or parts of the largest mixture that there can be. */
export type Wanted = { readonly by: 'counts'; readonly counts: Counts } | { readonly by: 'shares'; readonly shares: Counts }

/** As many solutions as corrections as replies: two rows of SFT to one of IFT, the paper's 30k and 15k [P, solutions' part D]. */
export const paperShares: Counts = { solution: 1, correction: 1, reflection: 1 }

/** DataError when there are fewer rows of a kind than are wanted. */
export function countsOf(rows: readonly MixtureRow[], wanted: Wanted): Counts {
  const there = countsIn(rows)
  if (wanted.by === 'counts') {
    const short = kinds.find((kind) => there[kind] < wanted.counts[kind])
    if (short === undefined) return wanted.counts
    throw new DataError(
      `the mixture: ${wanted.counts[short]} rows of kind ${short} are wanted and ${there[short]} are there; collect more answers, or ask for fewer (--counts)`,
    )
  }
  const { shares } = wanted
  const missing = kinds.find((kind) => shares[kind] > 0 && there[kind] === 0)
  if (missing !== undefined)
    throw new DataError(`the mixture: no row of kind ${missing} is there; collect more answers, or leave that kind out (--shares)`)
  const units = Math.min(...kinds.filter((kind) => shares[kind] > 0).map((kind) => there[kind] / shares[kind]))
  const count = (kind: Kind): number => Math.floor(units * shares[kind] + 1e-9)
  return { solution: count('solution'), correction: count('correction'), reflection: count('reflection') }
}

export function countsIn(rows: readonly MixtureRow[]): Counts {
  const count = (kind: Kind): number => rows.filter((row) => row.kind === kind).length
  return { solution: count('solution'), correction: count('correction'), reflection: count('reflection') }
}

/** So many rows of each kind at random, in the order that they had. */
export function mixed(rows: readonly MixtureRow[], counts: Counts, seed: Seed): MixtureRow[] {
  const chosen = kinds.flatMap((kind, k) =>
    choose(
      fold(seed, k),
      rows.filter((row) => row.kind === kind),
      counts[kind],
    ),
  )
  const kept = new Set(chosen)
  return rows.filter((row) => kept.has(row))
}

/** What is wrong with a row that a person or another program may have changed, in words; undefined when it can be learnt from. */
export function flawOf({ kind, completion, prefix, source }: MixtureRow): string | undefined {
  if (completion.trim() === '') return 'completion: is empty'
  if (kind === 'solution') return prefix === '' ? undefined : 'prefix: a solution has none'
  if (prefix.trim() === '') return `prefix: is empty, a ${kind} begins with its wrong answer's own words`
  if (!source.startsWith(prefix)) return `prefix: is not in its source, ${excerpt(prefix)} does not begin ${excerpt(source)}`
  const whole = kind === 'correction' ? completion : reconstructionOf(completion)
  if (whole === undefined) return 'completion: has no <reconstruction> that is closed'
  if (!(kind === 'correction' ? whole.startsWith(prefix) : whole.trimStart().startsWith(prefix.trimStart())))
    return `completion: does not begin with its prefix, ${excerpt(prefix)}`
  return whole.trim() === prefix.trim() ? 'completion: ends where its prefix ends' : undefined
}

function reconstructionOf(completion: string): string | undefined {
  const found = parseReflection(completion, 'eos')
  return found.kind === 'refused' ? undefined : found.reconstruction
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text)
}
