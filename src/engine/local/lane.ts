/** One lane of lanes.ts: a thread that samples from the weights it was given. */
import { workerData } from 'node:worker_threads'
import type { Answered } from '../engine.ts'
import type { LaneCall } from './lanes.ts'
import type { Tensors } from './optimizer-state.ts'
import { reader, type ReaderOptions } from './reader.ts'
import { serve } from './serve.ts'

const own = reader(workerData as ReaderOptions)
const holding = new Map<number, Tensors>()

serve(async (call: LaneCall, answered: Answered): Promise<unknown> => {
  switch (call.kind) {
    case 'hold':
      holding.set(call.handle, call.weights)
      return undefined
    case 'sample':
      return own.sample(held(call.handle), call.requests, call.sampling, answered)
    case 'forget': {
      const weights = held(call.handle)
      holding.delete(call.handle)
      return own.forget(weights)
    }
    default:
      return call satisfies never
  }
})

function held(handle: number): Tensors {
  const weights = holding.get(handle)
  if (weights === undefined) throw new Error('internal: a lane was asked about weights that it does not hold')
  return weights
}
