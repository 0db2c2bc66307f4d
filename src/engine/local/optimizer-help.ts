/**
 * A second thread for the optimizer of a large model, whose loop would leave every core but one idle. It does half of the updates: their
 * arrays move to it and back, and nothing is copied.
 */
import type { WeightUpdate } from './optimizer.ts'
import { type Thread, thread } from './thread.ts'

export interface UpdateCall {
  readonly kind: 'update'
  readonly updates: readonly WeightUpdate[]
}

export interface OptimizerHelp {
  /** Applies the updates. The arrays given are gone; those returned stand for them. */
  apply(updates: readonly WeightUpdate[]): Promise<readonly WeightUpdate[]>
  end(): Promise<void>
}

/** `module` is optimizer-thread.ts, compiled; the thread starts when it is first needed. */
export function optimizerHelp(module: URL): OptimizerHelp {
  let started: Thread<UpdateCall> | undefined
  return {
    async apply(updates) {
      started ??= thread<UpdateCall>(module, undefined)
      return (await started.ask({ kind: 'update', updates }, undefined, buffersOf(updates))) as readonly WeightUpdate[]
    },
    end: async () => started?.end(),
  }
}

/** The memory of the updates' arrays. */
export function buffersOf(updates: readonly WeightUpdate[]): ArrayBuffer[] {
  return updates.flatMap(({ weight, gradient, first, second }) =>
    [weight, gradient, first, second].map(({ buffer }) => buffer as ArrayBuffer),
  )
}

/** Two parts of about the same number of weights, in order. */
export function halves(updates: readonly WeightUpdate[]): [WeightUpdate[], WeightUpdate[]] {
  const half = updates.reduce((sum, { weight }) => sum + weight.length, 0) / 2
  let before = 0
  const isEarly = updates.map(({ weight }) => (before += weight.length) - weight.length / 2 <= half)
  return [updates.filter((_, i) => isEarly[i]), updates.filter((_, i) => !isEarly[i])]
}
