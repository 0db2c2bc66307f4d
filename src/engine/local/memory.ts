/** How much memory the engine's work needs, and how much work fits. Estimates in bytes; pure. */
import { elements } from '../../graph/value.ts'
import { type ModelConfig, parameterShapes } from '../../model/config.ts'
import { WIDTH_STEP } from './cache.ts'
import { type BinSize, BLOCK, queryBlocks, roundUp } from './stream.ts'

const MOST_ROWS = 1024 // of decoding; more are not faster

/** Of a stream (stream.ts), what its activations depend on. */
export interface StreamSize {
  readonly tokens: number
  readonly rows: { readonly length: number }
  readonly width: number
  readonly contextWidth: number
}

/** Activations of which the memory is worth compiling a graph again. */
export const LARGE_BYTES = 5e8

const SMALL_BYTES = 128e6 // of weights

/** Whether the kernels of such a model are too small for several threads, so that each computes by itself (lanes.ts). */
export function isSmall(config: ModelConfig): boolean {
  return weightBytes(config) <= SMALL_BYTES
}

export function weightBytes(config: ModelConfig): number {
  return 4 * parameterCount(config)
}

export function parameterCount(config: ModelConfig): number {
  return [...parameterShapes(config).values()].reduce((sum, shape) => sum + elements(shape), 0)
}

/** A large model has larger bins: each makes a gradient as large as the model, which takes as long as the arithmetic on dozens of tokens. */
export function binSize(config: ModelConfig): BinSize {
  return isSmall(config) ? { tokens: 1024, even: true } : { tokens: 2048, even: false }
}

/** Numbers that one layer keeps of a token until its gradient: of the hidden, query, key and feed-forward widths. */
function perTokenOf({ hiddenSize, heads, kvHeads, headSize, feedForwardSize }: ModelConfig): number {
  return 8 * hiddenSize + 4 * heads * headSize + 4 * kvHeads * headSize + 5 * feedForwardSize
}

/** Activations that one layer keeps until its gradient: of its tokens, and attention's weights unless they are computed in blocks. */
function layerBytes(config: ModelConfig, stream: StreamSize): number {
  const { heads, kvHeads, headSize } = config
  const keys = stream.contextWidth + stream.width
  const weights = queryBlocks(stream.width) === 1 ? 2 * keys : 0
  const perRow = heads * stream.width * (weights + 3 * headSize) + 2 * kvHeads * keys * headSize
  return 4 * (stream.tokens * perTokenOf(config) + stream.rows.length * perRow)
}

/** What one block of attention makes and gives back: its weights, and the gradients of all keys and values so far. */
function blockBytes({ heads, headSize }: ModelConfig, { width, contextWidth, rows }: StreamSize): number {
  return queryBlocks(width) === 1 ? 0 : 4 * rows.length * heads * (contextWidth + width) * (3 * BLOCK + 4 * headSize)
}

/** Of how many of the last layers the activations are kept: of all where they fit. The others' are computed again, one layer at a time. */
export function keptLayers(config: ModelConfig, stream: StreamSize, limitBytes: number): number {
  const fitting = Math.floor((limitBytes - blockBytes(config, stream)) / layerBytes(config, stream))
  return Math.max(0, Math.min(config.layers, fitting))
}

/** Of so many layers at once. */
export function activationBytes(config: ModelConfig, stream: StreamSize, layers: number): number {
  return layers * layerBytes(config, stream) + blockBytes(config, stream)
}

/** What is sampled together. Lengths in tokens. */
export interface RowSize {
  readonly maxTokens: number // of an answer
  readonly longestPrompt: number
  readonly count: number // answers to each prompt, which share its keys and values
}

/** Keys, values and logits (four kinds at once) of one row of decoding, with its share of its prompt. */
export function rowBytes({ layers, kvHeads, headSize, vocabularySize }: ModelConfig, { maxTokens, longestPrompt, count }: RowSize): number {
  const tokens = roundUp(maxTokens, WIDTH_STEP) + roundUp(longestPrompt, WIDTH_STEP) / count
  return 8 * layers * kvHeads * headSize * tokens + 16 * vocabularySize
}

/** How many rows decode together at most. */
export function mostRows(config: ModelConfig, size: RowSize, cacheBytes: number): number {
  return Math.max(1, Math.min(MOST_ROWS, Math.floor(cacheBytes / rowBytes(config, size))))
}
