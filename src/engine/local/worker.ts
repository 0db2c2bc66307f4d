/** The thread that the local engine computes in: answers the calls of trainer.ts, one after the other, and ends as soon as it is closed. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Answered, Policy, Trainer } from '../engine.ts'
import { type LocalOptions, localEngine } from './local-engine.ts'
import { type Call, type Reply, describeError } from './wire.ts'

const port = parentPort
if (port === null) throw new Error('internal: worker.ts runs in a worker thread')

const engine: Promise<Trainer> = localEngine(workerData as LocalOptions)
engine.catch(() => {}) // told by the first call
const policies = new Map<number, Policy>()

/** What each call of the wire does. */
async function answer(call: Exclude<Call, { kind: 'close' }>, answered: Answered): Promise<unknown> {
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

let last: Promise<void> = Promise.resolve()
port.on('message', ({ id, call }: { id: number; call: Call }) => {
  // Ends this thread alone. It is told between two calls of the runtime: to end it from outside in the middle of one would end the process.
  if (call.kind === 'close') process.exit()
  last = last.then(async () => {
    const answered: Answered = (request, completions) => port.postMessage({ id, part: { request, completions } } satisfies Reply)
    const reply: Reply = await answer(call, answered).then(
      (value) => ({ id, value }),
      (error: unknown) => ({ id, error: describeError(error) }),
    )
    port.postMessage(reply)
  })
})
