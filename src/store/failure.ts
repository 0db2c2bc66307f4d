/** What is written and said when a step's update cannot be made: which step, which examples, and from where one can go on. */
import { EngineError } from '../errors.ts'
import type { Example } from '../types.ts'
import type { FailedEvent } from './events.ts'
import type { Run } from './run.ts'

const NAMED_EXAMPLES = 8 // in the message; the event has all

/** Ends the log in `failed` and gives the error to throw. */
export function recordFailure(
  run: Run,
  step: number,
  examples: readonly Example[],
  cause: unknown,
): { event: FailedEvent; error: EngineError } {
  const checkpoint = run.latestCheckpoint()?.directory ?? null
  const reason = cause instanceof Error ? cause.message : String(cause)
  const ids = examples.map((example) => example.id)
  const event = run.append({ type: 'failed', step, error: reason, examples: ids, checkpoint })
  const more = ids.length > NAMED_EXAMPLES ? ` and ${ids.length - NAMED_EXAMPLES} more, all in ${run.directory}/events.jsonl` : ''
  const batch = `batch: ${ids.slice(0, NAMED_EXAMPLES).join(', ')}${more}`
  const retryable = cause instanceof EngineError && cause.retryable
  const error = new EngineError(`step ${step}: ${reason}; ${batch}; last good checkpoint: ${checkpoint ?? 'none'}`, { cause, retryable })
  return { event, error }
}
