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
  readonly targets: Int32Array // [M]: rows of scaledHidden, where there is one
  readonly binTokens: readonly number[] // how ids and targets divide into bins
  readonly binRows: readonly number[]
}

export interface GradientSums {
  /** Everything is zero again. */
  begin(): void
  /** The sums so far, as the graph's inputs. */
  feeds(): Feeds
  add(contribution: Contribution): void
  /** All gradients, in the order of the weights, until the next `begin`. */
  total(): Tensors
}

/** Gradients of single rows of a matrix, [rows, width]. */
interface RowSums {
  readonly data: Float32Array
  readonly width: number
  readonly touched: Set<number> // rows that are not zero
}

/**
 * Products add up inside the graph, carried from one micro-batch to the next; rows of single tokens are scattered here into an
 * array of their own, since a chain of products broken by other additions would depend on where micro-batches end. Memory is
 * taken once: fresh pages cost more than the arithmetic on them.
 */
export function gradientSums(config: ModelConfig): GradientSums {
  const shapes = parameterShapes(config)
  const zeros = (name: string): Float32Array => new Float32Array((shapes.get(name) ?? []).reduce((a, b) => a * b, 1))
  const head = headName(config)
  const carried = [...shapes.keys()].filter((name) => name === head || name !== EMBEDDING)
  const blank = new Map(carried.map((name) => [name, zeros(name)]))
  const rowSums = (name: string): RowSums => ({ data: zeros(name), width: config.hiddenSize, touched: new Set() })
  const scattered = new Map([...new Set([EMBEDDING, head])].map((name) => [name, rowSums(name)]))
  let sums: ReadonlyMap<string, Float32Array> = blank
  return {
    begin() {
      sums = blank
      for (const { data, width, touched } of scattered.values()) {
        for (const row of touched) data.fill(0, row * width, (row + 1) * width)
        touched.clear()
      }
    },
    feeds: () =>
      Object.fromEntries([...sums].map(([name, data]) => [gradientName(name), { data, shape: shapes.get(name) as readonly number[] }])),
    add({ outputs, ids, targets, binTokens, binRows }) {
      sums = new Map(carried.map((name) => [name, outputs[sumName(name)] as Float32Array]))
      const tokens = rowScatter(scattered.get(EMBEDDING) as RowSums, outputs['embeddingGradient'] as Float32Array, ids)
      const scaled = outputs['scaledHidden'] // not of a divergence, whose gradient is all in the sum
      const rows = scaled && rowScatter(scattered.get(head) as RowSums, scaled, targets)
      binTokens.forEach((size, bin) => {
        tokens(size)
        rows?.(binRows[bin] as number)
      })
    },
    total() {
      const all = new Map(sums)
      for (const [name, rows] of scattered) all.set(name, withRows(all.get(name), rows))
      return new Map([...shapes.keys()].map((name) => [name, all.get(name) as Float32Array]))
    },
  }
}

/** Adds row i of `rows` to row ids[i] of a matrix, in order, `count` more at each call: bin by bin, both kinds in turn where they share a matrix. */
function rowScatter({ data, width, touched }: RowSums, rows: Float32Array, ids: Int32Array): (count: number) => void {
  let start = 0
  return (count) => {
    for (let i = start; i < start + count; i++) {
      const id = ids[i] as number
      touched.add(id)
      addRow(data, id * width, rows.subarray(i * width, (i + 1) * width))
    }
    start += count
  }
}

function addRow(matrix: Float32Array, at: number, row: Float32Array): void {
  for (let j = 0; j < row.length; j++) matrix[at + j]! += row[j]!
}

/** The sum of products with the rows added to it, in place; the rows' own array where there is no such sum. */
function withRows(sum: Float32Array | undefined, { data, width, touched }: RowSums): Float32Array {
  if (sum === undefined) return data
  for (const row of touched) addRow(sum, row * width, data.subarray(row * width, (row + 1) * width))
  return sum
}
