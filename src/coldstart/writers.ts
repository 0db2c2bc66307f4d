/** Who writes corrections: the task that knows its own steps, or the model itself by the synthesis prompt. A server's model is endpoint-writer.ts. */
import type { Policy } from '../engine/engine.ts'
import { replySampling, type SynthesisOptions } from '../methods/synthesis.ts'
import { fold } from '../random.ts'
import type { Completion } from '../types.ts'
import { type Job, judgeReply, type Judging, type Outcome, questionOf, refusal, taskOutcome } from './corrections.ts'

/** Keeps the outcomes of some jobs. */
export type Keep = (outcomes: readonly { readonly job: Job; readonly outcome: Outcome }[]) => void

/** Works through the jobs, keeping each outcome as it comes; what is in hand is finished when the signal comes. */
export type Writer = (jobs: Iterable<Job>, keep: Keep, signal?: AbortSignal) => Promise<void>

export function taskWriter(judging: Judging): Writer {
  return (jobs, keep, signal) => {
    for (const job of jobs) {
      if (signal?.aborted) break
      keep([{ job, outcome: taskOutcome(job, judging) }])
    }
    return Promise.resolve()
  }
}

export interface SelfOptions extends Pick<SynthesisOptions, 'reply'> {
  readonly policy: Policy
  readonly batch: number // replies at once; changes none
  readonly contextLength: number
}

export function selfWriter(judging: Judging, options: SelfOptions): Writer {
  return async (jobs, keep, signal) => {
    for (const batch of batches(jobs, options.batch)) {
      if (signal?.aborted) return
      keep(await selfOutcomes(batch, judging, options))
    }
  }
}

async function selfOutcomes(
  jobs: readonly Job[],
  judging: Judging,
  { policy, contextLength, reply }: SelfOptions,
): Promise<{ job: Job; outcome: Outcome }[]> {
  const { task, tokenizer, limits } = judging
  const sampling = replySampling(limits, { reply })
  const questions = jobs.map((job) => questionOf(job, task))
  const prompts = questions.map((question) => question && tokenizer.prompt(question.message))
  const isAsked = prompts.map((prompt) => prompt !== undefined && prompt.length + sampling.maxTokens <= contextLength)
  const requests = jobs.flatMap(({ seed }, i) => (isAsked[i] ? [{ prompt: prompts[i] as Int32Array, seed: fold(seed, 1) }] : []))
  const replies = requests.length === 0 ? [] : await policy.sample(requests, sampling)
  let next = 0
  return jobs.map((job, i) => {
    const question = questions[i]
    if (question === undefined) return { job, outcome: { spent: 0, ...refusal('no-reference') } }
    if (!isAsked[i]) return { job, outcome: { spent: 0, ...refusal('no-room') } }
    const [completion] = replies[next++] as Completion[]
    const { tokens, end } = completion as Completion
    const text = tokenizer.decode(tokens)
    return { job, outcome: { spent: tokens.length, ...judgeReply(job, { text, end }, question.reference, judging) } }
  })
}

function* batches<T>(items: Iterable<T>, size: number): Generator<T[], void> {
  let batch: T[] = []
  for (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
