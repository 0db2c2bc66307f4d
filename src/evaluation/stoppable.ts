/** An evaluation, in the middle of training or alone, which nobody has to wait for once somebody asks to stop. */
import type { Policy, Trainer } from '../engine/engine.ts'

/**
 * Evaluates the current policy; undefined as soon as the signal comes. An evaluation that is left goes on unseen until the engine is
 * closed: nobody learns what it gives or how it fails, and the policy is released at its end.
 */
export async function evaluateUnlessStopped<T>(
  trainer: Pick<Trainer, 'policy'>,
  evaluate: (policy: Policy) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  if (signal?.aborted === true) return undefined
  const evaluation = withPolicy(trainer, evaluate)
  return signal === undefined ? evaluation : unlessAborted(evaluation, signal)
}

async function withPolicy<T>(trainer: Pick<Trainer, 'policy'>, evaluate: (policy: Policy) => Promise<T>): Promise<T> {
  const policy = await trainer.policy()
  try {
    return await evaluate(policy)
  } finally {
    await policy.release()
  }
}

/** What the work gives, undefined as soon as the signal comes; what it gives after that, and how it fails, nobody learns. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const listening = new AbortController()
  const aborted = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined) // since the evaluation began
    signal.addEventListener('abort', () => resolve(undefined), { signal: listening.signal })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    listening.abort()
  }
}
