/** Tensors in memory that threads share. The runtime takes none of it, so a lane computes with a copy of its own. */
import { elements } from '../../graph/value.ts'
import { type ModelConfig, parameterShapes } from '../../model/config.ts'
import { weightBytes } from './memory.ts'
import type { OwnTensors, Tensors } from './optimizer-state.ts'

/** An array of zeros for each weight, in the order of the weights. */
export function sharedTensors(config: ModelConfig): OwnTensors {
  const memory = new SharedArrayBuffer(weightBytes(config))
  let start = 0
  const view = ([name, shape]: readonly [string, readonly number[]]): [string, Float32Array] => {
    const data = new Float32Array(memory, start, elements(shape))
    start += data.byteLength
    return [name, data]
  }
  return new Map([...parameterShapes(config)].map(view))
}

/** A copy in memory of the caller's own: in that of `into`, of the same model, where it is given. */
export function ownCopy(weights: Tensors, into?: Tensors): Tensors {
  const copy = into ?? new Map([...weights].map(([name, { length }]) => [name, new Float32Array(length)]))
  copyInto(copy, weights)
  return copy
}

export function copyInto(tensors: Tensors, from: Tensors): void {
  for (const [name, data] of tensors) data.set(from.get(name) as Float32Array)
}
