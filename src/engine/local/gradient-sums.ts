/** Where the gradients of a step are summed, and what a part of a bin's pass adds to it. */
import { type ModelConfig, parameterShapes } from '../../model/config.ts'
import { headName } from '../../model/transformer.ts'
import type { OwnTensors, Tensors } from './optimizer-state.ts'
import { EMBEDDING, gradientName } from './training-graph.ts'

/** Where there is no array for a weight yet, what the first bin returned becomes its sum. */
export type GradientSums = OwnTensors

/** The same, in the order of the weights. */
export function inOrder(sums: GradientSums, config: ModelConfig): Tensors {
  return new Map([...parameterShapes(config).keys()].map((name) => [name, sums.get(name) as Float32Array]))
}

/** What a part of a bin's pass returned, and which tokens its rows stand for. */
export interface Contribution {
  readonly first: boolean // bin of the step: the sums begin with it, whatever the memory holds
  readonly outputs: Readonly<Record<string, Float32Array>>
  readonly ids: Int32Array // [N]: rows of embeddingGradient
  readonly targets: Int32Array // [M]: rows of scaledHidden, where there is one
}

/** In order of the bins, and of a bin's parts. */
export function addContribution(sums: GradientSums, { first, outputs, ids, targets }: Contribution, config: ModelConfig): void {
  const { embeddingGradient, scaledHidden } = outputs
  for (const name of parameterShapes(config).keys()) {
    const products = outputs[gradientName(name)]
    if (products !== undefined) include(sums, name, { first, products })
  }
  if (embeddingGradient !== undefined) {
    const { vocabularySize, hiddenSize, tiedEmbeddings } = config
    if (first && !tiedEmbeddings) include(sums, EMBEDDING, { first, products: new Float32Array(vocabularySize * hiddenSize) }) // it has none
    addRows(sums.get(EMBEDDING) as Float32Array, embeddingGradient, ids, hiddenSize)
  }
  if (scaledHidden !== undefined) addRows(sums.get(headName(config)) as Float32Array, scaledHidden, targets, config.hiddenSize)
}

function include(sums: GradientSums, name: string, { first, products }: { first: boolean; products: Float32Array }): void {
  const sum = sums.get(name)
  if (sum === undefined) sums.set(name, products)
  else if (first) sum.set(products)
  else addArray(sum, products)
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
