/**
 * config.json, read and written. Reading checks every key (config-keys.ts), so that no model is run as something it is not.
 * Writing uses the words of transformers 4, which transformers 5 reads as well.
 */
import { join } from 'node:path'
import { DataError } from '../errors.ts'
import { readEndTokens } from '../text/end-tokens.ts'
import { readJsonObject, type JsonObject } from '../text/json-file.ts'
import { checkKeys } from './config-keys.ts'
import { readRope } from './config-rope.ts'
import type { ModelConfig } from './config.ts'
import type { FloatType } from './safetensors-header.ts'

const classes = { llama: 'LlamaForCausalLM', qwen2: 'Qwen2ForCausalLM', qwen3: 'Qwen3ForCausalLM' } as const

/** The shape of the model in a Hugging Face folder. Throws DataError naming the file and the key that cannot be honoured. */
export async function readConfig(directory: string): Promise<ModelConfig> {
  const path = join(directory, 'config.json')
  const json = await readJsonObject(path)
  if (!json) throw new DataError(`${path}: not there, so ${directory} is no Hugging Face model folder`)
  const config = parseConfig(path, json, await readEndTokens(directory))
  const outside = config.endTokens.find((id) => id >= config.vocabularySize)
  if (outside !== undefined) throw new DataError(`${directory}: end token ${outside} is outside the vocabulary of ${config.vocabularySize}`)
  return config
}

/** The checked shape in a config.json's object; `path` is for messages. Pure. */
export function parseConfig(path: string, json: JsonObject, endTokens: readonly number[]): ModelConfig {
  const architecture = json['model_type']
  if (architecture !== 'llama' && architecture !== 'qwen2' && architecture !== 'qwen3') {
    throw new DataError(`${path}: model_type ${JSON.stringify(architecture)} is not supported; ${Object.keys(classes).join(', ')} are`)
  }
  checkKeys(path, json)
  const size = (key: string, fallback?: number): number => readSize(path, json, key, fallback)
  const heads = size('num_attention_heads')
  const hiddenSize = size('hidden_size')
  const config: ModelConfig = {
    architecture,
    vocabularySize: size('vocab_size'),
    hiddenSize,
    layers: size('num_hidden_layers'),
    heads,
    kvHeads: size('num_key_value_heads', heads),
    headSize: size('head_dim', architecture === 'qwen3' ? 128 : hiddenSize / heads), // Qwen3's class has this default
    feedForwardSize: size('intermediate_size'),
    contextLength: size('max_position_embeddings'),
    normEpsilon: readEpsilon(path, json),
    rope: readRope(path, json),
    attentionBias: architecture === 'qwen2',
    queryKeyNorm: architecture === 'qwen3',
    tiedEmbeddings: readFlag(path, json, 'tie_word_embeddings'),
    endTokens,
  }
  checkHeads(path, config)
  return config
}

/**
 * A config.json for `config` with weights of `dtype`. `source`, the object it came from, lends what is not the model's shape
 * (other token ids, notes); without it the file stands on its own. Pure.
 */
export function configJson(config: ModelConfig, dtype: FloatType, source: JsonObject = {}): JsonObject {
  const { rope_parameters: _, dtype: __, ...kept } = source
  const [first, ...more] = config.endTokens
  const endTokens = first === undefined ? {} : { eos_token_id: more.length > 0 ? config.endTokens : first }
  return {
    ...endTokens,
    ...kept,
    architectures: [classes[config.architecture]],
    model_type: config.architecture,
    vocab_size: config.vocabularySize,
    hidden_size: config.hiddenSize,
    intermediate_size: config.feedForwardSize,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.kvHeads,
    head_dim: config.headSize,
    max_position_embeddings: config.contextLength,
    rms_norm_eps: config.normEpsilon,
    hidden_act: 'silu',
    rope_theta: config.rope.theta,
    rope_scaling: ropeScaling(config),
    tie_word_embeddings: config.tiedEmbeddings,
    ...(config.architecture === 'qwen2' ? {} : { attention_bias: false }),
    ...(config.architecture === 'llama' ? { mlp_bias: false } : { use_sliding_window: false }),
    torch_dtype: { F32: 'float32', F16: 'float16', BF16: 'bfloat16' }[dtype],
  }
}

/** The text of a config.json. transformers wants these numbers as floats and warns of `8`; JSON.stringify writes no `8.0`. */
export function configText(json: JsonObject): string {
  const text = JSON.stringify(json, undefined, 2)
  return `${text.replaceAll(/^(\s*"(?:rope_theta|factor|low_freq_factor|high_freq_factor)": \d+)(?=,?$)/gm, '$1.0')}\n`
}

function ropeScaling({ rope: { scaling } }: ModelConfig): JsonObject | null {
  if (!scaling) return null
  const { kind, factor, lowFrequencyFactor, highFrequencyFactor, originalContext } = scaling
  const frequencies = { low_freq_factor: lowFrequencyFactor, high_freq_factor: highFrequencyFactor }
  return { rope_type: kind, factor, ...frequencies, original_max_position_embeddings: originalContext }
}

function readSize(path: string, json: JsonObject, key: string, fallback?: number): number {
  const value = json[key] ?? fallback
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number
  const fact = value === undefined ? 'is missing' : `is not an integer above 0, ${JSON.stringify(value)}`
  throw new DataError(`${path}: ${key} ${fact}`)
}

function readEpsilon(path: string, json: JsonObject): number {
  const value = json['rms_norm_eps']
  if (typeof value !== 'number' || !(value > 0))
    throw new DataError(`${path}: rms_norm_eps is not a number above 0, ${JSON.stringify(value)}`)
  return value
}

function readFlag(path: string, json: JsonObject, key: string): boolean {
  const value = json[key] ?? false
  if (typeof value !== 'boolean') throw new DataError(`${path}: ${key} is neither true nor false, ${JSON.stringify(value)}`)
  return value
}

function checkHeads(path: string, { heads, kvHeads, headSize }: ModelConfig): void {
  if (heads % kvHeads !== 0) throw new DataError(`${path}: num_key_value_heads ${kvHeads} does not divide num_attention_heads ${heads}`)
  if (headSize % 2 !== 0) throw new DataError(`${path}: head_dim ${headSize} is odd, but rotary embedding turns pairs`)
}
