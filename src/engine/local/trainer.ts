/** The local engine in a worker thread, so that the caller's event loop stays free while it computes. */
import { Worker } from 'node:worker_threads'
import { EngineError } from '../../errors.ts'
import type { Completion, TokenScores } from '../../types.ts'
import type { Answered, Policy, PolicyVersion, StepReport, Trainer } from '../engine.ts'
import type { LocalOptions } from './local-engine.ts'
import { objectives } from './requests.ts'
import { type Call, type Reply, revivedError } from './wire.ts'

/** Starts the thread and loads the model. Throws DataError when the folder does not hold one that can be run exactly. */
export async function localTrainer(options: LocalOptions): Promise<Trainer> {
  const engine = thread(options)
  const ask: Thread['ask'] = (call, answered) => engine.ask(call, answered)
  await ask({ kind: 'ready' }).catch(async (error: unknown) => {
    await engine.end()
    throw error
  })
  let handles = 0
  return {
    objectives,
    async policy() {
      const handle = handles++
      return remotePolicy(ask, handle, (await ask({ kind: 'policy', handle })) as PolicyVersion)
    },
    step: (examples, update) => ask({ kind: 'step', examples, update }) as Promise<StepReport>,
    save: (directory) => ask({ kind: 'save', directory }) as Promise<void>,
    load: (directory) => ask({ kind: 'load', directory }) as Promise<void>,
    close: () => engine.end(),
  }
}

function remotePolicy(ask: Thread['ask'], handle: number, version: PolicyVersion): Policy {
  return {
    version,
    sample: (requests, sampling, answered) => ask({ kind: 'sample', handle, requests, sampling }, answered) as Promise<Completion[][]>,
    score: (requests) => ask({ kind: 'score', handle, requests }) as Promise<TokenScores[]>,
    release: () => ask({ kind: 'release', handle }) as Promise<void>,
  }
}

interface Thread {
  ask(call: Call, answered?: Answered): Promise<unknown>
  /** Abandons what it computes: calls that wait fail. */
  end(): Promise<void>
}

interface Pending {
  readonly answered: Answered | undefined
  resolve(value: unknown): void
  reject(error: Error): void
}

/** Numbers the calls and matches the replies. A thread that dies fails every call that waits. */
function thread(options: LocalOptions): Thread {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: options })
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
    ask: (call, answered) =>
      new Promise((resolve, reject) => {
        if (death !== undefined) return reject(death)
        const id = calls++
        pending.set(id, { answered, resolve, reject })
        worker.postMessage({ id, call })
      }),
    end() {
      die('it was closed')
      worker.postMessage({ id: calls++, call: { kind: 'close' } })
      return ended
    },
  }
}
