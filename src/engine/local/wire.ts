/** What the caller's thread and the engine's thread say to each other: plain data, copied. */
import { DataError, EngineError, StoreError, UsageError } from '../../errors.ts'
import type { Completion, Example } from '../../types.ts'
import type { SampleRequest, Sampling, ScoreRequest, Update } from '../engine.ts'

/** `handle` names a policy; the caller numbers them. */
export type Call =
  | { readonly kind: 'ready' }
  | { readonly kind: 'policy' | 'release'; readonly handle: number }
  | { readonly kind: 'sample'; readonly handle: number; readonly requests: readonly SampleRequest[]; readonly sampling: Sampling }
  | { readonly kind: 'score'; readonly handle: number; readonly requests: readonly ScoreRequest[] }
  | { readonly kind: 'step'; readonly examples: readonly Example[]; readonly update: Update }
  | { readonly kind: 'save' | 'load'; readonly directory: string }

/** `part` comes before the reply itself, for each request of a sampling call. */
export interface Reply {
  readonly id: number
  readonly part?: { readonly request: number; readonly completions: readonly Completion[] }
  readonly value?: unknown
  readonly error?: ErrorDescription
}

/** An error without its class, which does not survive the copy. */
export interface ErrorDescription {
  readonly name: string
  readonly message: string
  readonly retryable: boolean
}

const CLASSES = { UsageError, DataError, StoreError } as const

export function describeError(error: unknown): ErrorDescription {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  return { name, message, retryable: error instanceof EngineError && error.retryable }
}

/** The error again, of its own class; what has none of ours is the engine's. */
export function revivedError({ name, message, retryable }: ErrorDescription): Error {
  if (name in CLASSES) return new CLASSES[name as keyof typeof CLASSES](message)
  return new EngineError(message, { retryable })
}
