/** Ctrl-C: the first asks the loop to stop where it safely can, the second abandons what is in hand. */
import { exitCodes } from './failure.ts'

export interface Interrupt {
  readonly signal: AbortSignal
  /** Back to the ordinary meaning of Ctrl-C. */
  end(): void
}

/** `onFirst` says what happens; `onSecond` gives back what must be given back, then the process ends. */
export function interrupt(onFirst: () => void, onSecond: () => void): Interrupt {
  const controller = new AbortController()
  const handle = (): void => {
    if (!controller.signal.aborted) {
      controller.abort()
      onFirst()
      return
    }
    onSecond()
    process.exit(exitCodes.interrupted)
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, handle)
  return {
    signal: controller.signal,
    end: () => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, handle)
    },
  }
}
