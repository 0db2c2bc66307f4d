/** The thread of one lane: answers remote-lane.ts. */
import { workerData } from 'node:worker_threads'
import type { Answered } from '../engine.ts'
import { lane, type LaneOptions } from './lane.ts'
import type { Tensors } from './optimizer-state.ts'
import { Queue } from './queue.ts'
import type { LaneCall } from './remote-lane.ts'
import { serve } from './serve.ts'
import { ownCopy } from './shared-tensors.ts'

const own = lane(workerData as LaneOptions)
const holding = new Map<number, Tensors>()
let spare: Tensors | undefined // memory of weights that were forgotten, for the next ones

serve(async (call: LaneCall, answered: Answered): Promise<unknown> => {
  switch (call.kind) {
    case 'hold':
      holding.set(call.handle, ownCopy(call.weights, spare))
      spare = undefined
      return undefined
    case 'sample':
      return own.sample(held(call.handle), call.requests, call.sampling, answered)
    case 'score':
      return own.score(held(call.handle), call.requests, new Queue(call.queue))
    case 'gradient': {
      const to = { sums: call.sums, queue: new Queue(call.queue) }
      return own.gradient(held(call.handle), call.lesson, held(call.teacher), to)
    }
    case 'forget': {
      const weights = held(call.handle)
      holding.delete(call.handle)
      await own.forget(weights)
      spare = weights
      return undefined
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
