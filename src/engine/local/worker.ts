/** The thread that the local engine computes in: answers the calls of trainer.ts, one after the other, and ends as soon as it is closed. */
import { workerData } from 'node:worker_threads'
import type { Answered, Policy, Trainer } from '../engine.ts'
import { laneThreads } from './lanes.ts'
import { type LocalOptions, localEngine } from './local-engine.ts'
import { optimizerHelp } from './optimizer-help.ts'
import { serve } from './serve.ts'
import type { Call } from './wire.ts'

const lanes = laneThreads(new URL('./lane-thread.js', import.meta.url))
const optimizer = optimizerHelp(new URL('./optimizer-thread.js', import.meta.url))
const engine: Promise<Trainer> = localEngine(workerData as LocalOptions, { lanes, optimizer })
engine.catch(() => {}) // told by the first call
const policies = new Map<number, Policy>()

/** What each call of the wire does. */
async function answer(call: Call, answered: Answered): Promise<unknown> {
  const trainer = await engine
  switch (call.kind) {
    case 'ready':
      return undefined
    case 'policy': {
      const policy = await trainer.policy()
      policies.set(call.handle, policy)
      return policy.version
    }
    case 'sample':
      return held(call.handle).sample(call.requests, call.sampling, answered)
    case 'score':
      return held(call.handle).score(call.requests)
    case 'release': {
      const policy = held(call.handle)
      policies.delete(call.handle)
      return policy.release()
    }
    case 'step':
      return trainer.step(call.examples, call.update)
    case 'save':
      return trainer.save(call.directory)
    case 'load':
      return trainer.load(call.directory)
    default:
      return call satisfies never
  }
}

function held(handle: number): Policy {
  const policy = policies.get(handle)
  if (policy === undefined) throw new Error('internal: a policy was used after its release')
  return policy
}

serve(answer, { closing: async () => void (await Promise.all([lanes.end(), optimizer.end()])) })
