/**
 * Corrections of wrong answers, as they are kept while they are written (docs/paper.md, cold start): which wrong answer of a problem is to
 * be corrected, what the writer is asked, and whether what it wrote may be learnt from. It must parse, keep its answer's beginning, and
 * come out right. Who writes is writers.ts's and endpoint.ts's affair.
 */
import { z } from 'zod'
import { wrongOf } from '../algorithm/group.ts'
import { type Reply, type SpliceLimits, spliceCorrection, type Spliced, spliceReply } from '../algorithm/trajectory.ts'
import { referenceOf } from '../methods/demonstrations.ts'
import { attemptOf } from '../methods/synthesis.ts'
import { choose, fold, type Seed } from '../random.ts'
import type { Tokenizer } from '../text/tokenizer.ts'
import type { Group, Judge, Rollout } from '../types.ts'

/** A correction that passed every check. */
export interface Written {
  readonly reference: string // the right solution that guided it; '' where the writer needed none
  readonly analysis: string // '' where there is none
  readonly completion: string // the whole micro-reflective solution
  readonly prefix: string // its beginning, which is the wrong answer's own
}

/** A line of a corrections file: one try at one problem. */
export interface CorrectionRow {
  readonly index: number // of the problem in its split
  readonly problem: string // id
  readonly source: number // which of its answers was to be corrected
  readonly spent: number // tokens, where somebody counts them
  readonly refusal: string | null // why it is not learnt from
  readonly written: Written | null
}

export const correctionSchema: z.ZodType<CorrectionRow> = z.strictObject({
  index: z.int().min(0),
  problem: z.string(),
  source: z.int().min(0),
  spent: z.int().min(0),
  refusal: z.string().nullable(),
  written: z.strictObject({ reference: z.string(), analysis: z.string(), completion: z.string(), prefix: z.string() }).nullable(),
})

/** One wrong answer to correct. */
export interface Job {
  readonly index: number
  readonly group: Group
  readonly source: number // a wrong rollout
  readonly seed: Seed // of this try alone
}

/** What is needed to ask for a correction and to judge it. */
export interface Judging {
  readonly task: Judge
  readonly tokenizer: Tokenizer
  readonly limits: SpliceLimits
}

/** A try's outcome before it is a row. */
export type Outcome = Pick<CorrectionRow, 'spent' | 'refusal' | 'written'>

/** Try `number` (0 is the first) at a problem: its wrong answers in random order, undefined when all were tried. */
export function jobOf(group: Group, index: number, number: number, seed: Seed): Job | undefined {
  const source = choose(fold(seed, index, 0), wrongOf(group))[number]
  return source === undefined ? undefined : { index, group, source, seed: fold(seed, index, 1, source) }
}

/** What a writer is asked, and the right solution in it: a right answer of the same problem, else the problem's own. */
export interface Question {
  readonly message: string
  readonly reference: string
}

/** Undefined where there is no right solution to guide the writer. */
export function questionOf({ group, source, seed }: Job, task: Judge): Question | undefined {
  const reference = referenceOf(group, fold(seed, 0))
  if (reference === undefined) return undefined
  return { message: task.askForReflection(group.problem, rolloutOf(group, source).text, reference), reference }
}

/** A reply to the question, judged. */
export function judgeReply(job: Job, reply: Reply, reference: string, { task, tokenizer, limits }: Judging): Omit<Outcome, 'spent'> {
  const attempt = attemptOf(rolloutOf(job.group, job.source), tokenizer)
  const { analysis = '', outcome } = spliceReply(attempt, reply, { ...limits, reconstruction: 'prefix' }, tokenizer)
  return outcome.kind === 'refused' ? refusal(outcome.reason) : checked(job, outcome, { reference, analysis }, { task, tokenizer })
}

/** What the task itself would write. */
export function taskOutcome(job: Job, { task, tokenizer, limits }: Judging): Outcome {
  const rollout = rolloutOf(job.group, job.source)
  const correction = task.correct?.(job.group.problem, rollout.text)
  if (correction === undefined) return { spent: 0, ...refusal('not-known') }
  const spliced = spliceCorrection(attemptOf(rollout, tokenizer), correction, tokenizer)
  if (spliced.tokens.length > limits.maxTokens) return { spent: 0, ...refusal('too-long') }
  const reference = referenceOf(job.group, fold(job.seed, 0)) ?? ''
  return { spent: 0, ...checked(job, spliced, { reference, analysis: correction.analysis }, { task, tokenizer }) }
}

export function refusal(reason: string): Omit<Outcome, 'spent'> {
  return { refusal: reason, written: null }
}

type Told = Pick<Written, 'reference' | 'analysis'>

function checked(
  { group, source }: Job,
  { text, prefixLength }: Spliced,
  told: Told,
  { task, tokenizer }: Pick<Judging, 'task' | 'tokenizer'>,
): Omit<Outcome, 'spent'> {
  const attempt = attemptOf(rolloutOf(group, source), tokenizer)
  const prefix = attempt.text.slice(0, attempt.ends[prefixLength - 1] ?? 0)
  if (prefix === '' || !text.startsWith(prefix)) return refusal('not-verbatim')
  const { reward, undecided } = task.verify(group.problem, text)
  if (reward === 0) return refusal(undecided ? 'undecided' : 'wrong')
  return { refusal: null, written: { ...told, completion: text, prefix } }
}

function rolloutOf(group: Group, index: number): Rollout {
  return group.rollouts[index] as Rollout
}
