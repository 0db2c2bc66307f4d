/**
 * From kept answers to corrections to rows: the writer is given every problem that still wants a correction, one wrong answer after the
 * other, and what came of each try is kept at once. At most one correction of a problem is learnt from [P].
 */
import { fold, type Seed } from '../random.ts'
import { type Asked, ledgerRows, openLedger } from '../store/ledger.ts'
import type { ProblemSet } from '../tasks/task.ts'
import type { Tokenizer } from '../text/tokenizer.ts'
import type { Group, Judge } from '../types.ts'
import { attemptsSchema, groupOf } from './attempts.ts'
import { type CorrectionRow, correctionSchema, type Job, jobOf } from './corrections.ts'
import { type MixtureRow, rowsOfProblem } from './mixture.ts'
import type { Writer } from './writers.ts'

export interface BuildParts {
  readonly attempts: string // path of the answers
  readonly corrections: string // path of what the writer wrote
  readonly task: Judge
  readonly tokenizer: Tokenizer
  readonly problems: ProblemSet // that were answered
  readonly seed: Seed
}

const streams = { jobs: 0, rows: 1 } // below the seed

export interface WritingOptions {
  readonly asked: Asked // what the corrections depend on
  readonly tries: number // wrong answers of a problem that are tried until one is corrected
  readonly writer: (spent: number) => Writer // given the tokens that were spent before
  readonly onOutcome?: (row: CorrectionRow) => void
  readonly signal?: AbortSignal
}

/** Writes what is missing. What the writer throws is thrown once all that it finished is kept. */
export async function writeCorrections(parts: BuildParts, { asked, tries, writer, onOutcome, signal }: WritingOptions): Promise<void> {
  const ledger = openLedger<CorrectionRow>(parts.corrections, asked)
  try {
    const states = statesOf(parts.corrections)
    const write = writer([...states.values()].reduce((sum, { spent }) => sum + spent, 0))
    for (let round = 0; round < tries; round++) {
      if (signal?.aborted) return
      const jobs = jobsOf(parts, (index) => isWaiting(states.get(index), round), round)
      await write(
        jobs,
        (outcomes) => {
          const rows = outcomes.map(({ job, outcome }): CorrectionRow => {
            const { index, group, source } = job
            return { index, problem: group.problem.id, source, ...outcome }
          })
          ledger.append(rows)
          for (const row of rows) {
            states.set(row.index, after(states.get(row.index), row))
            onOutcome?.(row)
          }
        },
        signal,
      )
    }
  } finally {
    ledger.close()
  }
}

/** What is known of a problem. */
interface State {
  readonly tries: number
  readonly isWritten: boolean
  readonly spent: number // tokens
}

function statesOf(path: string): Map<number, State> {
  const states = new Map<number, State>()
  for (const { row } of ledgerRows(path, correctionSchema)) states.set(row.index, after(states.get(row.index), row))
  return states
}

function after(state: State | undefined, { written, spent }: CorrectionRow): State {
  const { tries = 0, isWritten = false, spent: before = 0 } = state ?? {}
  return { tries: tries + 1, isWritten: isWritten || written !== null, spent: before + spent }
}

/** Whether this is the round in which the problem is tried next. */
function isWaiting(state: State | undefined, round: number): boolean {
  return state === undefined ? round === 0 : !state.isWritten && state.tries === round
}

/** One wrong answer of each problem that waits, in order of the problems. */
function* jobsOf(parts: BuildParts, isWanted: (index: number) => boolean, round: number): Generator<Job, void> {
  for (const { group, index } of groupsOf(parts)) {
    const job = isWanted(index) ? jobOf(group, index, round, fold(parts.seed, streams.jobs)) : undefined
    if (job !== undefined) yield job
  }
}

function* groupsOf({ attempts, problems, task, tokenizer }: BuildParts): Generator<{ group: Group; index: number }, void> {
  for (const { row, place } of ledgerRows(attempts, attemptsSchema))
    yield { group: groupOf(row, { problems, task, tokenizer, place }), index: row.index }
}

/** Every row that there is to learn from, in order of the problems; `writer` is told in each. */
export function rowsToLearn(parts: BuildParts, writer: string): MixtureRow[] {
  const written = new Map<number, CorrectionRow>()
  for (const { row } of ledgerRows(parts.corrections, correctionSchema)) if (row.written !== null) written.set(row.index, row)
  const { task, seed } = parts
  return [...groupsOf(parts)].flatMap(({ group, index }) =>
    rowsOfProblem(group, written.get(index), { task, writer, seed: fold(seed, streams.rows, index) }),
  )
}

/** How often a try was refused, by reason. */
export function refusalsIn(path: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { row } of ledgerRows(path, correctionSchema))
    if (row.refusal !== null) counts.set(row.refusal, (counts.get(row.refusal) ?? 0) + 1)
  return counts
}
