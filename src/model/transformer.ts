/**
 * The decoder-only transformer of Llama, Qwen2 and Qwen3, as a graph over a stream of tokens. It holds no weights and makes
 * no decisions about memory or batching: whoever builds a graph gives it the weights' values and an attention.
 */
import { add, linear, reshape, rmsNorm, rotary, swiglu, type RotaryTables } from '../graph/ops.ts'
import type { Value } from '../graph/value.ts'
import type { ModelConfig } from './config.ts'

/** The value of a weight by its Hugging Face name. */
export type Weights = (name: string) => Value

/** Where the tokens of a stream stand: positions [N, 1] int64, and the rotation of each position. */
export interface Places {
  readonly positions: Value
  readonly tables: RotaryTables
}

/** Attention over a stream: q [N, heads * headSize], k and v [N, kvHeads * headSize] to [N, heads * headSize]. */
export type Attend = (q: Value, k: Value, v: Value) => Value

/** One layer: x [N, D] to [N, D]. */
export function layer(x: Value, index: number, { config, weights, places, attend }: LayerParts): Value {
  const weight = (part: string): Value => weights(`model.layers.${index}.${part}.weight`)
  const h = rmsNorm(x, weight('input_layernorm'), config.normEpsilon)
  const { q, k, v } = queryKeyValue(h, index, { config, weights, places, attend })
  const attended = add(x, linear(attend(q, k, v), weight('self_attn.o_proj')))
  const h2 = rmsNorm(attended, weight('post_attention_layernorm'), config.normEpsilon)
  const activation = swiglu(linear(h2, weight('mlp.gate_proj')), linear(h2, weight('mlp.up_proj')))
  return add(attended, linear(activation, weight('mlp.down_proj')))
}

export interface LayerParts {
  readonly config: ModelConfig
  readonly weights: Weights
  readonly places: Places
  readonly attend: Attend
}

/** The layers from `first` on and the last norm: what enters that layer [N, D], embeddings where it is layer 0, to hidden states [N, D]. */
export function transformer(states: Value, parts: LayerParts, first: number = 0): Value {
  let x = states
  for (let index = first; index < parts.config.layers; index++) x = layer(x, index, parts)
  return rmsNorm(x, parts.weights('model.norm.weight'), parts.config.normEpsilon)
}

/** The name of the matrix that makes logits: the embedding itself where the two are tied. */
export function headName(config: ModelConfig): string {
  return config.tiedEmbeddings ? 'model.embed_tokens.weight' : 'lm_head.weight'
}

/** Rotated queries and keys, and values, of h [N, D]. */
function queryKeyValue(h: Value, index: number, { config, weights, places }: LayerParts): { q: Value; k: Value; v: Value } {
  const project = (part: string): Value => {
    const name = `model.layers.${index}.self_attn.${part}_proj`
    return linear(h, weights(`${name}.weight`), config.attentionBias ? weights(`${name}.bias`) : undefined)
  }
  const rotated = (part: 'q' | 'k', heads: number): Value => {
    const x = config.queryKeyNorm
      ? headNorm(project(part), weights(`model.layers.${index}.self_attn.${part}_norm.weight`), config)
      : project(part)
    const stream = reshape(x, ['N', 1, heads * config.headSize])
    return reshape(rotary(stream, places.positions, heads, places.tables), x.shape)
  }
  return { q: rotated('q', config.heads), k: rotated('k', config.kvHeads), v: project('v') }
}

/** RMS norm of each head by itself: x [N, heads * headSize], weight [headSize]. */
function headNorm(x: Value, weight: Value, { headSize, normEpsilon }: ModelConfig): Value {
  const heads = reshape(x, ['N*heads', headSize])
  return reshape(rmsNorm(heads, weight, normEpsilon), x.shape)
}
