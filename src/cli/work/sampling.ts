/** Answers to training problems under the eyes of the person: one line that says how far it is, Ctrl-C after a batch. */
import type { SampledProgress } from '../../experiments/sampled.ts'
import { exitCodes } from '../failure.ts'
import { interrupt } from '../interrupt.ts'
import { live } from '../live.ts'
import { terminal } from '../terminal.ts'
import { duration } from '../views/format.ts'

/** Where the work stands at its end; undefined when it was stopped before, which is told and is the exit code. */
export async function followSampling(
  start: (signal: AbortSignal) => AsyncGenerator<SampledProgress, void>,
  what: string, // 'answered'
): Promise<SampledProgress | undefined> {
  const place = terminal(process.stderr)
  const view = live(place, process.stderr)
  const stop = interrupt(
    () => view.print(place.paint('yellow', 'stopping: a batch in hand is finished first, Ctrl-C again abandons it')),
    () => view.end(),
  )
  const begin = performance.now()
  let [last, before]: (SampledProgress | undefined)[] = []
  try {
    for await (const progress of start(stop.signal)) {
      before ??= progress
      last = progress
      const { done, total } = progress
      const seconds = (performance.now() - begin) / 1000
      const made = done - before.done
      const left = made === 0 ? '' : `, ${duration((seconds / made) * (total - done))} left`
      view.show(() => `${what} ${done} of ${total} problems${left}`)
    }
  } finally {
    view.end()
    stop.end()
  }
  if (last !== undefined && last.done >= last.total) return last
  process.stderr.write(`stopped with ${last?.done ?? 0} of ${last?.total ?? 0} problems ${what}; the same command goes on\n`)
  process.exitCode = exitCodes.interrupted
  return undefined
}
