/** The shape of a decoder-only transformer: what a config.json says, checked, in our own words. */

/** Rotary position embedding. `llama3` scaling is the only one besides none. */
export interface Rope {
  readonly theta: number
  readonly scaling?: {
    readonly kind: 'llama3'
    readonly factor: number
    readonly lowFrequencyFactor: number
    readonly highFrequencyFactor: number
    readonly originalContext: number
  }
}

/** Llama, Qwen2 (attentionBias) and Qwen3 (queryKeyNorm) in one description. Sizes in elements. */
export interface ModelConfig {
  readonly architecture: 'llama' | 'qwen2' | 'qwen3'
  readonly vocabularySize: number
  readonly hiddenSize: number
  readonly layers: number
  readonly heads: number
  readonly kvHeads: number // divides heads
  readonly headSize: number // need not be hiddenSize / heads
  readonly feedForwardSize: number
  readonly contextLength: number // tokens
  readonly normEpsilon: number
  readonly rope: Rope
  readonly attentionBias: boolean // biases on q, k and v (Qwen2)
  readonly queryKeyNorm: boolean // RMS norms on each head's q and k (Qwen3)
  readonly tiedEmbeddings: boolean
  readonly endTokens: readonly number[]
}

/** Hugging Face names of all weights, with shapes, in a fixed order (the order of optimizer state and of summed norms). */
export function parameterShapes(config: ModelConfig): ReadonlyMap<string, readonly number[]> {
  const { hiddenSize: D, headSize, feedForwardSize: F, vocabularySize: V } = config
  const Q = config.heads * headSize
  const K = config.kvHeads * headSize
  const shapes = new Map<string, readonly number[]>([['model.embed_tokens.weight', [V, D]]])
  for (let layer = 0; layer < config.layers; layer++) {
    const name = (part: string): string => `model.layers.${layer}.${part}`
    shapes.set(name('input_layernorm.weight'), [D])
    shapes.set(name('self_attn.q_proj.weight'), [Q, D])
    shapes.set(name('self_attn.k_proj.weight'), [K, D])
    shapes.set(name('self_attn.v_proj.weight'), [K, D])
    if (config.attentionBias) {
      shapes.set(name('self_attn.q_proj.bias'), [Q])
      shapes.set(name('self_attn.k_proj.bias'), [K])
      shapes.set(name('self_attn.v_proj.bias'), [K])
    }
    if (config.queryKeyNorm) {
      shapes.set(name('self_attn.q_norm.weight'), [headSize])
      shapes.set(name('self_attn.k_norm.weight'), [headSize])
    }
    shapes.set(name('self_attn.o_proj.weight'), [D, Q])
    shapes.set(name('post_attention_layernorm.weight'), [D])
    shapes.set(name('mlp.gate_proj.weight'), [F, D])
    shapes.set(name('mlp.up_proj.weight'), [F, D])
    shapes.set(name('mlp.down_proj.weight'), [D, F])
  }
  shapes.set('model.norm.weight', [D])
  if (!config.tiedEmbeddings) shapes.set('lm_head.weight', [V, D])
  return shapes
}
