/** How a command ends when it does not end well: one readable message, an exit code that means something. */
import { DataError, EngineError, StoreError, UsageError } from '../errors.ts'

/** 0 is success. */
export const exitCodes = { failed: 1, usage: 2, interrupted: 130 } as const

export const exitCodeHelp = `
Exit codes: 0 done, 1 the work failed, 2 it was asked for wrongly, 130 it was interrupted.
Set TAPO_DEBUG=1 to see where an error comes from.`

/** The code of an error. */
export function exitCodeOf(error: unknown): number {
  return error instanceof UsageError ? exitCodes.usage : exitCodes.failed
}

/** What is printed of an error: its message, and with TAPO_DEBUG=1 its stack and causes. */
export function failureText(error: unknown, isDebug: boolean): string {
  if (isDebug && error instanceof Error) return stackOf(error)
  const isOurs = [UsageError, DataError, EngineError, StoreError].some((kind) => error instanceof kind)
  const message = error instanceof Error ? error.message : String(error)
  return isOurs ? `tapo: ${message}` : `tapo: internal: ${message}; set TAPO_DEBUG=1 to see where, and please report it`
}

function stackOf(error: Error): string {
  const { cause } = error
  return `${error.stack ?? error.message}${cause instanceof Error ? `\ncaused by ${stackOf(cause)}` : ''}`
}
