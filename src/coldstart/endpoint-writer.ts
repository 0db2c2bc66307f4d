/** Corrections by a server's model: several questions at once, each outcome kept as it comes, and a ceiling on what they may cost. */
import { type Job, judgeReply, type Judging, type Outcome, questionOf, refusal } from './corrections.ts'
import type { Chat } from './endpoint.ts'
import type { Writer } from './writers.ts'

export interface EndpointWriterOptions {
  readonly chat: Chat
  readonly concurrency: number // questions at once
  readonly ceiling: number // tokens, those spent before included; no question is asked beyond it
  readonly spent: number // tokens spent before
}

/**
 * Nothing is asked any more once the ceiling is reached, or after the signal, or after a question that failed; what is under way is
 * waited for and kept, and then the failure is thrown.
 */
export function endpointWriter(judging: Judging, { chat, concurrency, ceiling, spent: before }: EndpointWriterOptions): Writer {
  let spent = before
  return async (jobs, keep, signal) => {
    const queue = jobs[Symbol.iterator]()
    const failures: unknown[] = []
    const work = async (): Promise<void> => {
      while (spent < ceiling && failures.length === 0) {
        if (signal?.aborted) return
        const next = queue.next()
        if (next.done === true) return
        try {
          const outcome = await outcomeOf(next.value, chat, judging)
          spent += outcome.spent
          keep([{ job: next.value, outcome }])
        } catch (cause) {
          failures.push(cause)
        }
      }
    }
    await Promise.all(Array.from({ length: concurrency }, work))
    if (failures.length > 0) throw failures[0]
  }
}

async function outcomeOf(job: Job, chat: Chat, judging: Judging): Promise<Outcome> {
  const question = questionOf(job, judging.task)
  if (question === undefined) return { spent: 0, ...refusal('no-reference') }
  const reply = await chat(question.message)
  return { spent: reply.spent, ...judgeReply(job, reply, question.reference, judging) }
}
