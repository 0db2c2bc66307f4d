/**
 * Answers of a model to a task's training problems, graded and kept (docs/paper.md, cold start): what corrections are written of. Problem i
 * is answered under random numbers of its own, so neither batches nor interruptions change a byte of the file.
 */
import { z } from 'zod'
import { DataError } from '../errors.ts'
import { type AttemptOptions, attempt } from '../rollout/attempt.ts'
import type { ProblemSet } from '../tasks/task.ts'
import type { Tokenizer } from '../text/tokenizer.ts'
import type { Completion, Ending, Group, Judge, Problem, Rollout } from '../types.ts'

/** What the file is called in the folder of a cold start. */
export const attemptsFile = 'attempts.jsonl'

/** One graded answer. */
export interface AttemptRecord {
  readonly text: string
  readonly reward: 0 | 1
  readonly undecided?: true // then the reward means nothing
  readonly answer: string | null // what the verifier read out of it
  readonly end: Ending
  readonly tokens: readonly number[] // as sampled
}

/** A line of attempts.jsonl: one problem with its answers. */
export interface AttemptsRow {
  readonly index: number // of the problem in its split
  readonly problem: string // id
  readonly question: string
  readonly gold: string
  readonly attempts: readonly AttemptRecord[]
}

export const attemptsSchema: z.ZodType<AttemptsRow> = z.strictObject({
  index: z.int().min(0),
  problem: z.string(),
  question: z.string(),
  gold: z.string(),
  attempts: z.array(
    z.strictObject({
      text: z.string(),
      reward: z.literal([0, 1]),
      undecided: z.literal(true).exactOptional(),
      answer: z.string().nullable(),
      end: z.enum(['eos', 'stop', 'length']),
      tokens: z.array(z.int().min(0)),
    }),
  ),
})

export interface SampledOptions extends Omit<AttemptOptions, 'first'> {
  readonly problems: ProblemSet
  readonly from: number // index of the first problem that is wanted
  readonly to: number // behind the last one
  readonly batch: number // problems at once; changes no answer
  readonly signal?: AbortSignal // a batch in hand is finished
}

/** Problems of the set in order, answered and graded, a batch at a time; stops between batches when asked to. */
export async function* sampledGroups(options: SampledOptions): AsyncGenerator<readonly Group[], void> {
  const { problems, from, to, batch, signal } = options
  for (let first = from; first < to; first += batch) {
    if (signal?.aborted) return
    const count = Math.min(batch, to - first)
    yield await attempt(
      { ...options, first },
      Array.from({ length: count }, (_, i) => problems.at(first + i)),
    )
  }
}

/** Groups as rows, the first being problem `first` of its split. */
export function attemptsRows(groups: readonly Group[], first: number): AttemptsRow[] {
  return groups.map(({ problem, rollouts }, i) => ({
    index: first + i,
    problem: problem.id,
    question: problem.question,
    gold: problem.answer,
    attempts: rollouts.map(recordOf),
  }))
}

function recordOf({ text, verdict, completion: { end, tokens } }: Rollout): AttemptRecord {
  const { reward, undecided } = verdict
  return { text, reward, ...(undecided && { undecided }), answer: verdict.answer ?? null, end, tokens: Array.from(tokens) }
}

export interface RevivalOptions {
  readonly problems: ProblemSet // the split that was answered
  readonly task: Judge
  readonly tokenizer: Tokenizer
  readonly place: string // of the row, for messages: 'attempts.jsonl:7'
}

/** A row as the group that it was, without log-probabilities. DataError when it does not belong to these problems or this tokenizer. */
export function groupOf(row: AttemptsRow, { problems, task, tokenizer, place }: RevivalOptions): Group {
  const problem = row.index < problems.size ? problems.at(row.index) : undefined
  if (problem?.id !== row.problem || problem.question !== row.question)
    throw new DataError(`${place}: problem ${row.problem} is not problem ${row.index} of this task; build with the task that was answered`)
  const rollouts = row.attempts.map((record, i) => rolloutOf(record, problem, { task, tokenizer, place: `${place}: attempt ${i}` }))
  return { problem, prompt: tokenizer.prompt(task.ask(problem)), rollouts }
}

function rolloutOf(
  { text, end, tokens }: AttemptRecord,
  problem: Problem,
  { task, tokenizer, place }: Omit<RevivalOptions, 'problems'>,
): Rollout {
  const ids = Int32Array.from(tokens)
  if (tokenizer.decode(ids) !== text)
    throw new DataError(`${place}: its tokens do not spell its text; build with the tokenizer of the model that answered`)
  const none = new Float32Array(ids.length)
  const completion: Completion = { tokens: ids, logprobs: none, sampledLogprobs: none, end }
  return { completion, text, verdict: task.verify(problem, text) }
}
