/**
 * Mathematical problems with one answer each, from any file: a data set to learn from, divided by a hash of the ids, and sets to
 * evaluate on, each with figures of its own. The rows stay in their files (../../data/rows.ts).
 */
import { synthesisPrompt } from '../../algorithm/prompt.ts'
import { shareOf } from '../../data/column.ts'
import { excerpt } from '../../data/fields.ts'
import type { Rows } from '../../data/rows.ts'
import { type FieldNames, openSource, parseSource } from '../../data/source.ts'
import { DataError, UsageError } from '../../errors.ts'
import type { Problem } from '../../types.ts'
import { type PolicyChoice, policyOf } from '../math-answer/policy.ts'
import type { ProblemSet, Task, TaskSource } from '../task.ts'
import { isReadable, judge, judgeMany } from './verdict.ts'

export interface MathOptions extends PolicyChoice {
  readonly data: string // a source of problems to learn from, see ../../data/source.ts; empty = none
  readonly evaluation: readonly string[] // sources of problems to evaluate on
  readonly fields: FieldNames // of `data` and of what is evaluated on, see ../../data/source.ts
  readonly developmentShare: number // of `data`, kept for evaluation during training; 0 = that is done on the sets of `evaluation`
  readonly badRows: 'refuse' | 'skip'
}

export const mathDefaults: MathOptions = {
  data: '',
  evaluation: [],
  fields: { problem: '', answer: '', solution: '', id: '' },
  developmentShare: 0.1,
  badRows: 'refuse',
  strictness: 'standard',
  undecided: 'leave',
}

const answerFormat = 'Put the final answer within \\boxed{}, like this: \\boxed{72}'
const MOST_NAMED = 5 // bad rows in a message

/** Reads every row. DataError names bad ones, unless they are to be skipped; UsageError a set that is not there. */
export async function mathTask(options: Partial<MathOptions>): Promise<Task> {
  const { data, evaluation, fields, developmentShare, badRows, ...choice } = { ...mathDefaults, ...options }
  const policy = policyOf(choice)
  const learnt = data === '' ? [] : await openSource(parseSource(data, fields), unreadable)
  const asked: { readonly given: string; readonly rows: Rows }[] = []
  for (const given of evaluation) {
    const source = parseSource(given, fields, data !== '')
    for (const rows of await openSource(source, unreadable)) asked.push({ given, rows })
  }
  const every = [...learnt, ...asked.map(({ rows }) => rows)]
  if (badRows === 'refuse') refuseFaults(every)
  return {
    name: 'math',
    sources: [
      ...learnt.map((rows) => sourceOf(rows, 'data', data)),
      ...asked.map(({ given, rows }) => sourceOf(rows, 'evaluation', given)),
    ],
    problems(split) {
      if (split === 'test' || (split === 'development' && developmentShare === 0)) return benchmarks(asked.map(({ rows }) => rows))
      return part(learnt, { data, developmentShare, isHeldOut: split === 'development' })
    },
    ask: (problem) => `${problem.question}\n\nSolve this step by step. ${answerFormat}`,
    verify: (problem, answer) => judge(problem.answer, answer, policy),
    verifyMany: (pairs) =>
      judgeMany(
        pairs.map(([problem, answer]) => [problem.answer, answer] as const),
        policy,
      ),
    askForReflection: (problem, attempt, reference) => synthesisPrompt({ problem: problem.question, attempt, reference, answerFormat }),
  }
}

const MOST_REMEMBERED = 20_000 // gold answers
const readable = new Set<string>() // those read last: data sets repeat their answers

/** What is wrong with a problem whose gold answer the verifier cannot read. */
export function unreadable({ answer }: Problem): string | undefined {
  if (readable.has(answer)) return undefined
  if (!isReadable(answer)) return `the verifier cannot read its answer, ${excerpt(answer)}`
  if (readable.size === MOST_REMEMBERED) readable.clear()
  readable.add(answer)
  return undefined
}

function refuseFaults(every: readonly Rows[]): void {
  const lines = every.flatMap((rows) => rows.faults.map(({ line, fact }) => `${rows.place(line)}: ${fact}`))
  if (lines.length === 0) return
  const count = every.reduce((sum, { faulty }) => sum + faulty, 0)
  const size = every.reduce((sum, rows) => sum + rows.size, count)
  const rest = count > MOST_NAMED ? [`and ${count - MOST_NAMED} more`] : []
  const advice = `${count} of ${size} rows are bad; \`tapo data check --json\` names them all, task.badRows=skip leaves them out`
  throw new DataError([...lines.slice(0, MOST_NAMED), ...rest, advice].join('\n'))
}

function sourceOf({ file, size, faulty }: Rows, use: TaskSource['use'], given: string): TaskSource {
  return { use, given, ...file, rows: size, leftOut: faulty }
}

/** All problems of all sets, told apart by set. */
function benchmarks(sets: readonly Rows[]): ProblemSet {
  if (sets.length === 0)
    throw new UsageError('task.evaluation: names no data set to evaluate on; give one, like aime-2024=path/to/file.jsonl')
  return { ...joined(sets), parts: sets.map(({ name, size }) => ({ name, size })) }
}

interface Part {
  readonly data: string
  readonly developmentShare: number
  readonly isHeldOut: boolean
}

/** The rows to learn from, or those kept for evaluation: a row's id alone decides. */
function part(sets: readonly Rows[], { data, developmentShare, isHeldOut }: Part): ProblemSet {
  if (sets.length === 0) throw new UsageError('task.data: names no data set to learn from; give one with --data')
  const chosen = sets.map((rows) => {
    const places = new Uint32Array(rows.size)
    let size = 0
    rows.eachKey((key, index) => {
      if (shareOf(key) < developmentShare === isHeldOut) places[size++] = index
    })
    return { size, at: (index: number) => rows.at(places[index] as number) }
  })
  const set = joined(chosen)
  if (set.size > 0) return set
  throw new DataError(`${data}: no ${isHeldOut ? 'development' : 'train'} problem is left by developmentShare ${developmentShare}`)
}

/** One set after the other. */
function joined(sets: readonly ProblemSet[]): ProblemSet {
  const size = sets.reduce((sum, set) => sum + set.size, 0)
  return {
    size,
    at(index) {
      let rest = index
      for (const set of sets) {
        if (rest < set.size) return set.at(rest)
        rest -= set.size
      }
      throw new DataError(`problem ${index}: the set has ${size}`)
    },
  }
}
