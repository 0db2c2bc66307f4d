/**
 * Which keys a config.json may have, as data. A key that would change what the model computes is refused by name, and so is
 * a key nobody here knows: a wrong number that looks right costs more than an error. null means "not used" for every key.
 */
import { DataError } from '../errors.ts'
import type { JsonObject } from '../text/json-file.ts'

/** Read by config-file.ts and config-rope.ts. */
const read: ReadonlySet<string> = new Set([
  'model_type',
  'vocab_size',
  'hidden_size',
  'intermediate_size',
  'num_hidden_layers',
  'num_attention_heads',
  'num_key_value_heads',
  'head_dim',
  'max_position_embeddings',
  'rms_norm_eps',
  'rope_theta',
  'rope_scaling',
  'rope_parameters',
  'tie_word_embeddings',
  'eos_token_id',
])

/** Without effect on logits or gradients: names, types of storage, defaults of generation, notes of other tools. */
const harmless: ReadonlySet<string> = new Set([
  '_name_or_path',
  '_commit_hash',
  'transformers_version',
  'transformers.js_config',
  'unsloth_fixed',
  'unsloth_version',
  'tokenizer_class',
  'prefix',
  'name_or_path',
  'model_max_length',
  'max_sequence_length',
  'task_specific_params',
  'dtype',
  'torch_dtype',
  'torchscript',
  'use_bfloat16',
  'use_cache',
  'initializer_range',
  'max_window_layers',
  'bos_token_id',
  'pad_token_id',
  'sep_token_id',
  'unk_token_id',
  'decoder_start_token_id',
  'is_llama_config',
  'output_attentions',
  'output_hidden_states',
  'output_scores',
  'return_dict',
  'return_dict_in_generate',
  'gradient_checkpointing',
  'attn_implementation',
  '_attn_implementation',
  '_attn_implementation_autoset',
  'chunk_size_feed_forward',
  'id2label',
  'label2id',
  'num_labels',
  'problem_type',
  'finetuning_task',
  'tie_encoder_decoder',
  'remove_invalid_values',
  'do_sample',
  'temperature',
  'top_k',
  'top_p',
  'typical_p',
  'min_length',
  'max_length',
  'num_beams',
  'num_beam_groups',
  'num_return_sequences',
  'early_stopping',
  'repetition_penalty',
  'length_penalty',
  'diversity_penalty',
  'encoder_no_repeat_ngram_size',
  'no_repeat_ngram_size',
  'bad_words_ids',
  'suppress_tokens',
  'begin_suppress_tokens',
  'forced_bos_token_id',
  'forced_eos_token_id',
  'exponential_decay_length_penalty',
  'tf_legacy_loss',
])

/** Keys with one value under which they change nothing, and what another value would do. */
const neutral: Readonly<Record<string, { readonly value: unknown; readonly otherwise: string }>> = {
  hidden_act: { value: 'silu', otherwise: 'another activation' },
  mlp_bias: { value: false, otherwise: 'biases in the feed-forward layers' },
  attention_dropout: { value: 0, otherwise: 'dropout while training' },
  hidden_dropout: { value: 0, otherwise: 'dropout while training' },
  hidden_dropout_prob: { value: 0, otherwise: 'dropout while training' },
  resid_pdrop: { value: 0, otherwise: 'dropout while training' },
  embd_pdrop: { value: 0, otherwise: 'dropout while training' },
  pretraining_tp: { value: 1, otherwise: 'products computed in slices' },
  rope_interleaved: { value: false, otherwise: 'another layout of the rotary pairs' },
  partial_rotary_factor: { value: 1, otherwise: 'rotation of a part of each head' },
  use_mrope: { value: false, otherwise: 'positions of several axes' },
  use_sliding_window: { value: false, otherwise: 'attention that does not see the whole context' },
  use_qk_norm: { value: false, otherwise: 'norms on queries and keys' },
  qk_layernorm: { value: false, otherwise: 'norms on queries and keys' },
  is_encoder_decoder: { value: false, otherwise: 'an encoder' },
  is_decoder: { value: false, otherwise: 'another kind of model' },
  add_cross_attention: { value: false, otherwise: 'cross attention' },
  embedding_multiplier: { value: 1, otherwise: 'scaled embeddings' },
  residual_multiplier: { value: 1, otherwise: 'scaled residuals' },
  logits_scaling: { value: 1, otherwise: 'scaled logits' },
  logit_scale: { value: 1, otherwise: 'scaled logits' },
}

/** Keys that are refused whenever they are set, and why. */
const refused: Readonly<Record<string, string>> = {
  quantization_config: 'the weights are quantized; convert them to F32, F16 or BF16 first',
  auto_map: 'the model brings its own code, which may compute anything',
  attn_logit_softcapping: 'capped attention scores',
  final_logit_softcapping: 'capped logits',
  attention_multiplier: 'another attention scale',
  query_pre_attn_scalar: 'another attention scale',
  attention_factor: 'another attention scale',
  clip_qkv: 'clipped queries, keys and values',
  no_rope_layers: 'layers without positions',
  num_experts: 'a mixture of experts',
  num_local_experts: 'a mixture of experts',
  pruned_heads: 'pruned heads',
}

/** Throws DataError for the first key of a config.json that this package does not compute with. `path` names the file. */
export function checkKeys(path: string, json: JsonObject): void {
  for (const [key, value] of Object.entries(json)) {
    if (value === null || read.has(key) || harmless.has(key) || key in shapes) continue
    checkSetting(path, key, value)
  }
  for (const [key, check] of Object.entries(shapes)) {
    const reason = (json[key] ?? null) === null ? undefined : check(json)
    if (reason !== undefined) throw new DataError(`${path}: ${key} = ${JSON.stringify(json[key])} is not supported, ${reason}`)
  }
}

function checkSetting(path: string, key: string, value: unknown): void {
  const shown = `${path}: ${key} = ${JSON.stringify(value)}`
  const setting = neutral[key]
  if (setting) {
    if (value === setting.value) return
    throw new DataError(`${shown} is not supported, it means ${setting.otherwise}; only ${JSON.stringify(setting.value)} is`)
  }
  if (refused[key] === undefined) {
    throw new DataError(
      `${shown} is an unknown key that may change what the model computes; take it out of the file if you know that it does not`,
    )
  }
  const isEmpty = typeof value === 'object' && Object.keys(value as object).length === 0
  if (!isEmpty) throw new DataError(`${shown} is not supported: ${refused[key]}`)
}

/** Keys whose meaning hangs on others: each gives the reason why it is refused, or undefined. */
const shapes: Readonly<Record<string, (json: JsonObject) => string | undefined>> = {
  architectures: ({ architectures }) =>
    Array.isArray(architectures) && architectures.every((name) => String(name).endsWith('ForCausalLM'))
      ? undefined
      : 'only causal language models are',
  layer_types: ({ layer_types: types }) =>
    Array.isArray(types) && types.every((type) => type === 'full_attention') ? undefined : 'only full attention in every layer is',
  // Qwen's classes read sliding_window only under use_sliding_window, whose other value is refused above; Llama's never do.
  sliding_window: ({ model_type: type }) => (type === 'llama' ? 'a Llama without a sliding window is' : undefined),
  attention_bias: ({ model_type: type, attention_bias: bias }) =>
    bias === (type === 'qwen2') ? undefined : 'biases on queries, keys and values are those of Qwen2 and of no other',
}
