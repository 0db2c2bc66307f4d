/** The gradients of one step while micro-batches add to them. */
import { type ModelConfig, parameterShapes } from '../../model/config.ts'
import { headName } from '../../model/transformer.ts'
import type { Tensors } from './optimizer-state.ts'
import type { Feeds } from './session.ts'
import { EMBEDDING, gradientName, sumName } from './training-graph.ts'

/** What a micro-batch's graph returned, and which tokens its rows stand for. */
export interface Contribution {
  readonly outputs: Readonly<Record<string, Float32Array>>
  readonly ids: Int32Array // [N] stream tokens: rows of embeddingGradient
  readonly targets: Int32Array // [M]: rows of scaledHidden
  readonly binTokens: readonly number[] // how ids and targets divide into bins
  readonly binRows: readonly number[]
}

export interface GradientSums {
  /** The sums so far, as the graph's inputs. */
  feeds(): Feeds
  add(contribution: Contribution): void
  /** All gradients, in the order of the weights. Ends the sums. */
  total(): Tensors
}

/**
 * Products add up inside the graph, carried from one micro-batch to the next; rows of single tokens are scattered here into an
 * array of their own, since a chain of products broken by other additions would depend on where micro-batches end.
 */
export function gradientSums(config: ModelConfig): GradientSums {
  const shapes = parameterShapes(config)
  const zeros = (name: string): Float32Array => new Float32Array((shapes.get(name) ?? []).reduce((a, b) => a * b, 1))
  const head = headName(config)
  const carried = [...shapes.keys()].filter((name) => name === head || name !== EMBEDDING)
  const scattered = new Map([...new Set([EMBEDDING, head])].map((name) => [name, zeros(name)]))
  let sums = new Map(carried.map((name) => [name, zeros(name)]))
  return {
    feeds: () =>
      Object.fromEntries([...sums].map(([name, data]) => [gradientName(name), { data, shape: shapes.get(name) as readonly number[] }])),
    add({ outputs, ids, targets, binTokens, binRows }) {
      sums = new Map(carried.map((name) => [name, outputs[sumName(name)] as Float32Array]))
      const tokens = rowScatter(scattered.get(EMBEDDING) as Float32Array, outputs['embeddingGradient'] as Float32Array, ids)
      const rows = rowScatter(scattered.get(head) as Float32Array, outputs['scaledHidden'] as Float32Array, targets)
      binTokens.forEach((size, bin) => {
        tokens(size)
        rows(binRows[bin] as number)
      })
    },
    total() {
      for (const [name, rows] of scattered) sums.set(name, added(rows, sums.get(name)))
      return new Map([...shapes.keys()].map((name) => [name, sums.get(name) as Float32Array]))
    },
  }
}

/** Adds row i of `rows` to row ids[i] of `matrix`, in order, `count` more at each call: bin by bin, both kinds in turn where they share a matrix. */
function rowScatter(matrix: Float32Array, rows: Float32Array, ids: Int32Array): (count: number) => void {
  const width = rows.length / ids.length
  let start = 0
  return (count) => {
    for (let i = start; i < start + count; i++) addRow(matrix, (ids[i] as number) * width, rows.subarray(i * width, (i + 1) * width))
    start += count
  }
}

function addRow(matrix: Float32Array, at: number, row: Float32Array): void {
  for (let j = 0; j < row.length; j++) matrix[at + j]! += row[j]!
}

function added(a: Float32Array, b: Float32Array | undefined): Float32Array {
  if (b !== undefined) for (let i = 0; i < a.length; i++) a[i]! += b[i]!
  return a
}
