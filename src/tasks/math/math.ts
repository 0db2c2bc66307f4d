/**
 * Mathematical problems with one answer each, from any file: a data set to learn from, divided by a hash of the ids, and sets to
 * evaluate on, each with figures of its own. The rows stay in their files (../../data/rows.ts).
 */
import { synthesisPrompt } from '../../algorithm/prompt.ts'
import { shareOf } from '../../data/column.ts'
import { excerpt } from '../../data/fields.ts'
import type { Rows } from '../../data/rows.ts'
import { type FieldNames, openSource, parseSource } from '../../data/source.ts'
import { DataError, firstFew, UsageError } from '../../errors.ts'
import type { Problem } from '../../types.ts'
import { type PolicyChoice, policyOf } from '../math-answer/policy.ts'
import type { Misfit, Misfits, ProblemSet, Task, TaskSource } from '../task.ts'
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

/** A file to evaluate on, and what it was asked for by. */
interface Asked {
  readonly given: string
  readonly rows: Rows
}

/**
 * Reads every row. DataError names bad ones, unless they are to be skipped, and a file without any; UsageError a set that is not there, and sets to
 * evaluate on that have one name.
 */
export async function mathTask(options: Partial<MathOptions>, tooLongFor: Misfits = {}): Promise<Task> {
  const { data, evaluation, fields, developmentShare, badRows, ...choice } = { ...mathDefaults, ...options }
  const policy = policyOf(choice)
  let tooLong = 0
  const faultUnder = (misfit: Misfit | undefined) => (problem: Problem) => {
    const [fact, long] = [unreadable(problem), misfit?.(ask(problem))]
    if (fact === undefined && long !== undefined) tooLong += 1
    return fact ?? (long === undefined ? undefined : `problem ${problem.id}, ${long}`)
  }
  const learnt = data === '' ? [] : await openSource(parseSource(data, fields), faultUnder(tooLongFor.learnt))
  const asked: Asked[] = []
  for (const given of evaluation) {
    const source = parseSource(given, fields, data !== '')
    for (const rows of await openSource(source, faultUnder(tooLongFor.asked))) asked.push({ given, rows })
  }
  const every = [...learnt, ...asked.map(({ rows }) => rows)]
  refuseTwins(asked)
  if (badRows === 'refuse') refuseFaults(every, tooLong)
  for (const { rows } of asked) refuseEmpty([rows])
  if (learnt.length > 0) refuseEmpty(learnt)
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
    ask,
    verify: (problem, answer) => judge(problem.answer, answer, policy),
    verifyMany: (pairs) =>
      judgeMany(
        pairs.map(([problem, answer]) => [problem.answer, answer] as const),
        policy,
      ),
    askForReflection: (problem, attempt, reference) => synthesisPrompt({ problem: problem.question, attempt, reference, answerFormat }),
  }
}

function ask({ question }: Problem): string {
  return `${question}\n\nSolve this step by step. ${answerFormat}`
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

function refuseFaults(every: readonly Rows[], tooLong: number): void {
  const lines = every.flatMap((rows) => rows.faults.map(({ line, fact }) => `${rows.place(line)}: ${fact}`))
  if (lines.length === 0) return
  const count = every.reduce((sum, { faulty }) => sum + faulty, 0)
  const size = every.reduce((sum, rows) => sum + rows.size, count)
  const advice =
    tooLong === 0
      ? '; `tapo data check --json` names them all, task.badRows=skip leaves them out'
      : `, ${tooLong} of them too long for the model; task.badRows=skip leaves them out, a smaller rollout.maxTokens makes room where the prompt alone fits`
  throw new DataError([...firstFew(lines, { count, most: MOST_NAMED }), `${count} of ${size} rows are bad${advice}`].join('\n'))
}

/** Figures are told apart by the names of their sets. */
function refuseTwins(asked: readonly Asked[]): void {
  const firsts = new Map<string, Rows>()
  for (const { rows } of asked) {
    const { name, file } = rows
    const first = firsts.get(name)?.file.path
    const another = `give one another name, like ${name.replaceAll('/', '-')}-2=${file.path}`
    if (first === file.path) throw new UsageError(`task.evaluation: ${file.path} is named twice; leave one out, or ${another}`)
    if (first !== undefined) throw new UsageError(`task.evaluation: ${first} and ${file.path} are both called ${name}; ${another}`)
    firsts.set(name, rows)
  }
}

function refuseEmpty(sets: readonly Rows[]): void {
  if (sets.some(({ size }) => size > 0)) return
  const faulty = sets.reduce((sum, set) => sum + set.faulty, 0)
  const fact = faulty === 0 ? 'holds no row' : `holds no row that can be used, ${faulty} are bad`
  throw new DataError(`${sets.map(({ file }) => file.path).join(', ')}: ${fact}; name a file that has problems`)
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
