/** Where the gradients of a step are summed, in memory that threads share, and what a bin adds to it. */
import { elements } from '../../graph/value.ts'
import { type ModelConfig, parameterShapes } from '../../model/config.ts'
import { headName } from '../../model/transformer.ts'
import { weightBytes } from './memory.ts'
import type { Tensors } from './optimizer-state.ts'
import { EMBEDDING, gradientName } from './training-graph.ts'

/** Memory for one number of each weight. */
export function gradientMemory(config: ModelConfig): SharedArrayBuffer {
  return new SharedArrayBuffer(weightBytes(config))
}

/** The gradient of each weight in such memory, in the order of the weights. */
export function gradientSums(config: ModelConfig, memory: SharedArrayBuffer): Tensors {
  let start = 0
  const view = ([name, shape]: readonly [string, readonly number[]]): [string, Float32Array] => {
    const data = new Float32Array(memory, start, elements(shape))
    start += data.byteLength
    return [name, data]
  }
  return new Map([...parameterShapes(config)].map(view))
}

/** What a bin's graph returned, and which tokens its rows stand for. */
export interface Contribution {
  readonly first: boolean // of the step: the sums begin with it, whatever the memory holds
  readonly outputs: Readonly<Record<string, Float32Array>>
  readonly ids: Int32Array // [N]: rows of embeddingGradient
  readonly targets: Int32Array // [M]: rows of scaledHidden, where there is one
}

/** In order of the bins, the first of them first. */
export function addContribution(sums: Tensors, { first, outputs, ids, targets }: Contribution, config: ModelConfig): void {
  const width = config.hiddenSize
  for (const [name, sum] of sums) {
    const products = outputs[gradientName(name)]
    if (first) setArray(sum, products)
    else if (products !== undefined) addArray(sum, products)
    if (name === EMBEDDING) addRows(sum, outputs['embeddingGradient'] as Float32Array, ids, width)
    const scaled = outputs['scaledHidden'] // not of a divergence, whose gradient is all in the products
    if (name === headName(config) && scaled !== undefined) addRows(sum, scaled, targets, width)
  }
}

function setArray(sum: Float32Array, data: Float32Array | undefined): void {
  if (data === undefined) sum.fill(0)
  else sum.set(data)
}

/** Four at a time, which halves the time of a loop as simple as this. */
function addArray(sum: Float32Array, data: Float32Array): void {
  const end = sum.length - (sum.length % 4)
  for (let i = 0; i < end; i += 4) {
    sum[i]! += data[i]!
    sum[i + 1]! += data[i + 1]!
    sum[i + 2]! += data[i + 2]!
    sum[i + 3]! += data[i + 3]!
  }
  for (let i = end; i < sum.length; i++) sum[i]! += data[i]!
}

/** Adds row i of `rows` to row ids[i] of a matrix, in order. */
function addRows(matrix: Float32Array, rows: Float32Array, ids: Int32Array, width: number): void {
  for (let i = 0; i < ids.length; i++) {
    const [from, to] = [i * width, (ids[i] as number) * width]
    for (let j = 0; j < width; j++) matrix[to + j]! += rows[from + j]!
  }
}
