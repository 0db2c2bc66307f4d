/**
 * The key-value cache of a running batch: each prompt's keys and values once, each row's own behind it. It takes memory for the most
 * there can be when it is made (the system gives it page by page, as it is touched), grows in width within it as rows get longer, and
 * stays dense: what leaves is replaced by the last.
 */
import type { ModelConfig } from '../../model/config.ts'
import { cacheNames } from './decoding-graph.ts'
import type { PromptCache } from './prefill.ts'
import type { Feeds } from './session.ts'
import { roundUp } from './stream.ts'

export const WIDTH_STEP = 32 // tokens; a multiple of the vector width, so that padding cannot change how sums are grouped

/** How many owners there are at once, at most, and how many tokens each has. */
export interface PlaneSize {
  readonly owners: number
  readonly tokens: number
}

/** The keys and the values of all layers for one kind of owner (prompts or rows): planes of [owners, K, width, headSize]. */
class Planes {
  readonly #heads: number
  readonly #headSize: number
  readonly #planes: readonly Float32Array[]
  width: number = WIDTH_STEP
  owners: number = 0

  constructor(config: ModelConfig, most: PlaneSize) {
    this.#heads = config.kvHeads
    this.#headSize = config.headSize
    const size = most.owners * this.#heads * Math.max(WIDTH_STEP, roundUp(most.tokens, WIDTH_STEP)) * this.#headSize
    this.#planes = Array.from({ length: 2 * config.layers }, () => new Float32Array(size))
  }

  /** A new, empty owner behind the others. */
  add(): number {
    return this.owners++
  }

  /** Makes room for `tokens` tokens of every owner: lines move apart, the last first, so that none is written over before it has moved. */
  widen(tokens: number): void {
    if (tokens <= this.width) return
    const width = roundUp(tokens, WIDTH_STEP)
    const [from, to] = [this.width * this.#headSize, width * this.#headSize]
    for (const plane of this.#planes) {
      for (let line = this.owners * this.#heads - 1; line > 0; line--) plane.copyWithin(line * to, line * from, (line + 1) * from)
    }
    this.width = width
  }

  /** Moves the last owner to `index`. */
  remove(index: number): void {
    this.owners--
    const size = this.#heads * this.width * this.#headSize
    if (index === this.owners) return
    for (const plane of this.#planes) plane.copyWithin(index * size, this.owners * size, (this.owners + 1) * size)
  }

  /** Writes tokens [at, at + tokens) of an owner in one plane from stream order, rows of K * headSize, beginning at `from`. */
  write(
    plane: number,
    owner: number,
    { at, tokens, source, from }: { at: number; tokens: number; source: Float32Array; from: number },
  ): void {
    const data = this.#planes[plane] as Float32Array
    const size = this.#headSize
    const stride = this.#heads * size
    for (let head = 0; head < this.#heads; head++) {
      let to = ((owner * this.#heads + head) * this.width + at) * size
      for (let t = 0, row = from + head * size; t < tokens; t++, row += stride, to += size) {
        for (let i = 0; i < size; i++) data[to + i] = source[row + i]!
      }
    }
  }

  /** The first `owners` of a plane; there is room for more than there are, holding whatever was there before. `queries`: [1] where each owner has one query, [] where it has several. */
  feed(plane: number, owners: number, queries: readonly 1[]): Feeds[string] {
    const data = this.#planes[plane] as Float32Array
    const shape = [owners, this.#heads, ...queries, this.width, this.#headSize]
    return { data: data.subarray(0, owners * this.#heads * this.width * this.#headSize), shape }
  }
}

export interface KeyValueCache {
  readonly contextWidth: () => number // P
  readonly ownWidth: () => number // S
  addContext(prompt: PromptCache): number
  removeContext(index: number): void
  addRow(): number
  removeRow(index: number): void
  /** Makes room for a row's token at `position` of its own. */
  reserve(position: number): void
  /** Writes each row's new key and value at its own position, from the graph's outputs. */
  append(outputs: Readonly<Record<string, Float32Array>>, positions: readonly number[]): void
  /** All planes, of at least `fewest` contexts and rows. */
  feeds(fewest: number): Feeds
}

/** With room for `most` contexts and rows, and no more. */
export function keyValueCache(config: ModelConfig, most: { readonly contexts: PlaneSize; readonly rows: PlaneSize }): KeyValueCache {
  const [contexts, rows] = [new Planes(config, most.contexts), new Planes(config, most.rows)]
  const width = config.kvHeads * config.headSize
  const layers = Array.from({ length: config.layers }, (_, layer) => ({ names: cacheNames(layer), keys: 2 * layer, values: 2 * layer + 1 }))
  return {
    contextWidth: () => contexts.width,
    ownWidth: () => rows.width,
    addContext({ keys, values, tokens }) {
      contexts.widen(tokens)
      const index = contexts.add()
      layers.forEach((layer, i) => {
        contexts.write(layer.keys, index, { at: 0, tokens, source: keys[i] as Float32Array, from: 0 })
        contexts.write(layer.values, index, { at: 0, tokens, source: values[i] as Float32Array, from: 0 })
      })
      return index
    },
    removeContext: (index) => contexts.remove(index),
    addRow: () => rows.add(),
    removeRow: (index) => rows.remove(index),
    reserve: (position) => rows.widen(position + 1),
    append(outputs, positions) {
      for (const { names, keys, values } of layers) {
        const [key, value] = [outputs[names.key] as Float32Array, outputs[names.value] as Float32Array]
        positions.forEach((at, row) => {
          rows.write(keys, row, { at, tokens: 1, source: key, from: row * width })
          rows.write(values, row, { at, tokens: 1, source: value, from: row * width })
        })
      }
    },
    feeds(fewest) {
      const [prompts, answers] = [Math.max(fewest, contexts.owners), Math.max(fewest, rows.owners)]
      const feeds = layers.flatMap(({ names, keys, values }): [string, Feeds[string]][] => [
        [names.contextKeys, contexts.feed(keys, prompts, [])],
        [names.contextValues, contexts.feed(values, prompts, [])],
        [names.ownKeys, rows.feed(keys, answers, [1])],
        [names.ownValues, rows.feed(values, answers, [1])],
      ])
      return Object.fromEntries(feeds)
    },
  }
}
