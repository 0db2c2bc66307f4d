/** The local engine in a worker thread, so that the caller's event loop stays free while it computes. */
import type { Completion, TokenScores } from '../../types.ts'
import type { Policy, PolicyVersion, StepReport, Trainer } from '../engine.ts'
import type { LocalOptions } from './local-engine.ts'
import { objectives } from './requests.ts'
import { type Thread, thread } from './thread.ts'
import type { Call } from './wire.ts'

/** Starts the thread and loads the model. Throws DataError when the folder does not hold one that can be run exactly. */
export async function localTrainer(options: LocalOptions): Promise<Trainer> {
  const engine = thread<Call>(new URL('./worker.js', import.meta.url), options)
  const ask: Thread<Call>['ask'] = (call, answered) => engine.ask(call, answered)
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

function remotePolicy(ask: Thread<Call>['ask'], handle: number, version: PolicyVersion): Policy {
  return {
    version,
    sample: (requests, sampling, answered) => ask({ kind: 'sample', handle, requests, sampling }, answered) as Promise<Completion[][]>,
    score: (requests) => ask({ kind: 'score', handle, requests }) as Promise<TokenScores[]>,
    release: () => ask({ kind: 'release', handle }) as Promise<void>,
  }
}
