/**
 * The four kinds of error. Each message reads `subject: fact, value`, and says what to do where that is not plain.
 * A model's bad output is never an error: it is data (a wrong answer, a refused construction).
 */

/** The person asked for something that cannot be: a bad flag, an unknown key, a changed config on resume. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A row or file that cannot be read: names the path and the row, line or field. */
export class DataError extends Error {
  override readonly name = 'DataError'
}

/** The engine, local or remote, could not do its work. `retryable`: the same call may succeed later. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly retryable: boolean

  constructor(message: string, options: ErrorOptions & { readonly retryable?: boolean } = {}) {
    super(message, options)
    this.retryable = options.retryable ?? false
  }
}

/** A run folder or checkpoint could not be written, or is in use. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}

/** A line for each of the first `most` of `count` things that are wrong, and how many more there are. `lines`: at least those that are shown. */
export function firstFew(lines: readonly string[], { count, most }: { readonly count: number; readonly most: number }): string[] {
  return count > most ? [...lines.slice(0, most), `and ${count - most} more`] : [...lines]
}

/** What went wrong while writing `path`, in one sentence that names it. An error of ours that says more passes through. */
export function storeError(path: string, cause: unknown): StoreError | DataError {
  if (cause instanceof StoreError || cause instanceof DataError) return cause
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const fact =
    code === 'ENOSPC' ? 'no space left on the disk; make room and save again' : cause instanceof Error ? cause.message : String(cause)
  return new StoreError(`${path}: could not be written, ${fact}`, { cause })
}
