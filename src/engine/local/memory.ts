/** How much memory a micro-batch of training needs, and whether its activations fit. Estimates in bytes. */
import type { ModelConfig } from '../../model/config.ts'
import type { Stream } from './stream.ts'

/** Activations that one layer keeps until its gradient: streams of the hidden, query, key and feed-forward widths, and attention's weights. */
export function layerBytes({ hiddenSize, heads, kvHeads, headSize, feedForwardSize }: ModelConfig, stream: Stream): number {
  const perToken = 8 * hiddenSize + 4 * heads * headSize + 4 * kvHeads * headSize + 5 * feedForwardSize
  const keys = stream.contextWidth + stream.width
  const perRow = heads * stream.width * (2 * keys + 3 * headSize) + 2 * kvHeads * keys * headSize
  return 4 * (stream.tokens * perToken + stream.rows.length * perRow)
}

/** All layers at once: what the whole graph keeps. */
export function activationBytes(config: ModelConfig, stream: Stream): number {
  return config.layers * layerBytes(config, stream)
}
