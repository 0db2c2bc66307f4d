/** Ctrl-C: the first asks the loop to stop where it safely can, the second abandons what is in hand. */

export interface Interrupt {
  readonly signal: AbortSignal
  /** Back to the ordinary meaning of Ctrl-C. */
  end(): void
}

/**
 * `onFirst` says what happens; `onSecond` gives back what must be given back, then the process ends by the signal, as it would without all
 * this: to exit would end the engine's thread in the middle of a computation, which takes the process down with an error of its own.
 */
export function interrupt(onFirst: () => void, onSecond: () => void): Interrupt {
  const controller = new AbortController()
  const handle = (signal: NodeJS.Signals): void => {
    if (!controller.signal.aborted) {
      controller.abort()
      onFirst()
      return
    }
    onSecond()
    end()
    process.kill(process.pid, signal)
  }
  const end = (): void => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, handle)
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, handle)
  return { signal: controller.signal, end }
}
