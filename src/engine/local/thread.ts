/** A worker thread that answers calls, seen from the thread that started it: calls are numbered, replies matched. */
import { Worker } from 'node:worker_threads'
import { EngineError } from '../../errors.ts'
import type { Answered } from '../engine.ts'
import { withoutTelemetry } from './telemetry.ts'
import { type Reply, revivedError } from './wire.ts'

/** `Call` is what its module answers (serve.ts). */
export interface Thread<Call> {
  /** `moved` is memory that goes with the call and is not copied. */
  ask(call: Call, answered?: Answered, moved?: readonly ArrayBuffer[]): Promise<unknown>
  /** Abandons what it computes: calls that wait fail. */
  end(): Promise<void>
}

interface Pending {
  readonly answered: Answered | undefined
  resolve(value: unknown): void
  reject(error: Error): void
}

/** Starts the module. A thread that dies fails every call that waits. */
export function thread<Call>(module: URL, workerData: unknown): Thread<Call> {
  withoutTelemetry()
  const worker = new Worker(module, { workerData })
  const pending = new Map<number, Pending>()
  let calls = 0
  let death: EngineError | undefined
  const die = (reason: string, cause?: unknown): void => {
    death ??= new EngineError(`local engine: its thread ended, ${reason}`, { cause })
    for (const call of pending.values()) call.reject(death)
    pending.clear()
  }
  worker.on('message', ({ id, part, value, error }: Reply) => {
    const call = pending.get(id)
    if (part !== undefined) return call?.answered?.(part.request, part.completions)
    pending.delete(id)
    if (error === undefined) call?.resolve(value)
    else call?.reject(revivedError(error))
  })
  worker.on('error', (error) => die(error instanceof Error ? error.message : String(error), error))
  worker.on('exit', (code) => die(`exit code ${code}`))
  const ended = new Promise<void>((resolve) => worker.on('exit', () => resolve()))
  return {
    ask: (call, answered, moved = []) =>
      new Promise((resolve, reject) => {
        if (death !== undefined) return reject(death)
        const id = calls++
        pending.set(id, { answered, resolve, reject })
        worker.postMessage({ id, call }, [...moved])
      }),
    end() {
      die('it was closed')
      worker.postMessage({ id: calls++, call: { kind: 'close' } })
      return ended
    },
  }
}
