import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DataError } from '../errors.ts'
import type { JsonObject } from '../text/json-file.ts'
import { configJson, configText, parseConfig, readConfig } from './config-file.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tapo-config-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function json(name: string, file = 'config.json'): Promise<JsonObject> {
  return JSON.parse(await readFile(join(fixtures, name, file), 'utf8')) as JsonObject
}

async function refusal(change: JsonObject, name = 'llama'): Promise<string> {
  const changed = { ...(await json(name)), ...change }
  try {
    parseConfig('config.json', changed, [])
    return 'accepted'
  } catch (error) {
    return error instanceof DataError ? error.message : 'another error'
  }
}

test('a Llama with grouped queries, its own head size and llama3 scaling is read', async () => {
  expect(await readConfig(join(fixtures, 'llama'))).toEqual({
    architecture: 'llama',
    vocabularySize: 40,
    hiddenSize: 16,
    layers: 2,
    heads: 4,
    kvHeads: 2,
    headSize: 8,
    feedForwardSize: 28,
    contextLength: 256,
    normEpsilon: 1e-5,
    rope: { theta: 10_000, scaling: { kind: 'llama3', factor: 4, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContext: 64 } },
    attentionBias: false,
    queryKeyNorm: false,
    tiedEmbeddings: false,
    endTokens: [2],
  })
})

test('Qwen2 has biases, Qwen3 has norms on queries and keys', async () => {
  expect(await readConfig(join(fixtures, 'qwen2'))).toMatchObject({
    attentionBias: true,
    queryKeyNorm: false,
    headSize: 4,
    rope: { theta: 1000 },
  })
  expect(await readConfig(join(fixtures, 'qwen3'))).toMatchObject({
    attentionBias: false,
    queryKeyNorm: true,
    headSize: 6,
    tiedEmbeddings: true,
  })
})

test.each(['llama', 'qwen2', 'qwen3'])('transformers 4 and 5 say the same of a %s', async (name) => {
  expect(parseConfig('v4', await json(name, 'config.v4.json'), [2])).toEqual(parseConfig('v5', await json(name), [2]))
})

test.each(['llama', 'qwen2', 'qwen3'])('a written %s config is read back, with its source and without', async (name) => {
  const source = await json(name)
  const config = parseConfig('config.json', source, [2, 5])
  for (const written of [configJson(config, 'F32', source), configJson(config, 'BF16')]) {
    expect(parseConfig('written', written, [2, 5])).toEqual(config)
    expect(written).not.toHaveProperty('rope_parameters')
  }
  expect(configJson(config, 'BF16')).toMatchObject({ torch_dtype: 'bfloat16', eos_token_id: [2, 5] })
  expect(configJson(config, 'F32', source)).toMatchObject({ pad_token_id: 0, torch_dtype: 'float32', eos_token_id: 2 })
})

test('numbers that transformers wants as floats are written as such', async () => {
  const text = configText(configJson(parseConfig('config.json', await json('llama'), [2]), 'F32'))
  for (const line of ['"rope_theta": 10000.0,', '"factor": 4.0,', '"low_freq_factor": 1.0,', '"vocab_size": 40,'])
    expect(text).toContain(line)
  expect(JSON.parse(text)).toMatchObject({ rope_theta: 10_000, rope_scaling: { original_max_position_embeddings: 64 } })
})

test('what would change the result is refused by name', async () => {
  const cases: ReadonlyArray<readonly [JsonObject, RegExp, string?]> = [
    [{ model_type: 'gpt2' }, /model_type "gpt2" is not supported; llama, qwen2, qwen3 are/],
    [{ model_type: undefined }, /model_type undefined/],
    [{ hidden_act: 'gelu' }, /hidden_act = "gelu" is not supported, it means another activation; only "silu" is/],
    [{ attention_bias: true }, /attention_bias = true/],
    [{ attention_bias: true }, /attention_bias = true/, 'qwen3'],
    [{ mlp_bias: true }, /mlp_bias = true/],
    [{ attention_dropout: 0.1 }, /attention_dropout = 0.1/],
    [{ use_sliding_window: true }, /use_sliding_window = true/, 'qwen2'],
    [{ sliding_window: 4096 }, /sliding_window = 4096/],
    [{ layer_types: ['full_attention', 'sliding_attention'] }, /layer_types/, 'qwen3'],
    [{ architectures: ['LlamaForSequenceClassification'] }, /architectures/],
    [{ partial_rotary_factor: 0.5 }, /partial_rotary_factor = 0.5/],
    [{ final_logit_softcapping: 30 }, /final_logit_softcapping = 30/],
    [{ attention_multiplier: 0.1 }, /attention_multiplier/],
    [{ quantization_config: { bits: 4 } }, /quantization_config .* quantized/],
    [{ auto_map: { AutoModel: 'x.py' } }, /auto_map/],
    [{ rope_parameters: { rope_type: 'yarn', rope_theta: 1, factor: 4 } }, /rope_parameters has rope_type "yarn"/],
    [{ rope_parameters: null, rope_scaling: { type: 'linear', factor: 2 } }, /rope_scaling has rope_type "linear"/],
    [{ rope_parameters: { rope_type: 'default', rope_theta: 1, factor: 2 } }, /rope_parameters has factor = 2/],
    [{ rope_parameters: { full_attention: { rope_type: 'default' } } }, /rope_parameters has full_attention/],
    [{ rope_parameters: { rope_type: 'llama3', factor: 8 } }, /rope_parameters.low_freq_factor: not a number above 0, undefined/],
    [{ rope_theta: 5 }, /rope_theta is 5 at the top and 10000 in rope_parameters/],
    [{ rope_scaling: { rope_type: 'default' } }, /both rope_parameters and rope_scaling/],
    [{ residual_scale: 0.7 }, /residual_scale = 0.7 is an unknown key that may change what the model computes; take it out/],
  ]
  for (const [change, message, name] of cases) expect(await refusal(change, name)).toMatch(message)
})

test('sizes that cannot be are refused by name', async () => {
  expect(await refusal({ hidden_size: undefined })).toBe('config.json: hidden_size is missing')
  expect(await refusal({ num_hidden_layers: 0 })).toBe('config.json: num_hidden_layers is not an integer above 0, 0')
  expect(await refusal({ num_key_value_heads: 3 })).toBe('config.json: num_key_value_heads 3 does not divide num_attention_heads 4')
  expect(await refusal({ head_dim: 7 })).toMatch(/head_dim 7 is odd/)
  expect(await refusal({ head_dim: null, num_attention_heads: 5 })).toMatch(/head_dim is not an integer above 0, 3.2/)
  expect(await refusal({ rms_norm_eps: 0 })).toMatch(/rms_norm_eps/)
  expect(await refusal({ tie_word_embeddings: 'yes' })).toMatch(/tie_word_embeddings/)
})

test('the configs of published models are read', () => {
  const shared = {
    attention_dropout: 0.0,
    hidden_act: 'silu',
    initializer_range: 0.02,
    use_cache: true,
    torch_dtype: 'bfloat16',
    transformers_version: '4.43.1',
  }
  const qwen3 = {
    ...shared,
    architectures: ['Qwen3ForCausalLM'],
    model_type: 'qwen3',
    attention_bias: false,
    bos_token_id: 151643,
    eos_token_id: 151645,
    head_dim: 128,
    hidden_size: 4096,
    intermediate_size: 12288,
    max_position_embeddings: 40960,
    max_window_layers: 36,
    num_attention_heads: 32,
    num_hidden_layers: 36,
    num_key_value_heads: 8,
    rms_norm_eps: 1e-6,
    rope_scaling: null,
    rope_theta: 1000000,
    sliding_window: null,
    tie_word_embeddings: false,
    use_sliding_window: false,
    vocab_size: 151936,
  }
  expect(parseConfig('Qwen3-8B', qwen3, [])).toMatchObject({ headSize: 128, heads: 32, rope: { theta: 1e6 } })
  const qwen25 = {
    ...shared,
    architectures: ['Qwen2ForCausalLM'],
    model_type: 'qwen2',
    bos_token_id: 151643,
    eos_token_id: 151645,
    hidden_size: 896,
    intermediate_size: 4864,
    max_position_embeddings: 32768,
    max_window_layers: 21,
    num_attention_heads: 14,
    num_hidden_layers: 24,
    num_key_value_heads: 2,
    rms_norm_eps: 1e-6,
    rope_theta: 1000000.0,
    sliding_window: 32768,
    tie_word_embeddings: true,
    use_mrope: false,
    use_sliding_window: false,
    vocab_size: 151936,
  }
  expect(parseConfig('Qwen2.5-0.5B', qwen25, [])).toMatchObject({ headSize: 64, attentionBias: true, tiedEmbeddings: true })
  const llama32 = {
    ...shared,
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    attention_bias: false,
    bos_token_id: 128000,
    eos_token_id: [128001, 128008, 128009],
    head_dim: 64,
    hidden_size: 2048,
    intermediate_size: 8192,
    max_position_embeddings: 131072,
    mlp_bias: false,
    num_attention_heads: 32,
    num_hidden_layers: 16,
    num_key_value_heads: 8,
    pretraining_tp: 1,
    rms_norm_eps: 1e-5,
    rope_theta: 500000.0,
    tie_word_embeddings: true,
    vocab_size: 128256,
    rope_scaling: {
      factor: 32.0,
      high_freq_factor: 4.0,
      low_freq_factor: 1.0,
      original_max_position_embeddings: 8192,
      rope_type: 'llama3',
    },
  }
  expect(parseConfig('Llama-3.2-1B', llama32, [])).toMatchObject({
    headSize: 64,
    rope: { theta: 5e5, scaling: { factor: 32, originalContext: 8192 } },
  })
})

test('what changes nothing is accepted', async () => {
  const harmless = {
    use_cache: false,
    torch_dtype: 'bfloat16',
    quantization_config: null,
    foo: null,
    rope_interleaved: false,
    pruned_heads: {},
  }
  expect(await refusal({ ...harmless, 'transformers.js_config': { kv_cache_dtype: {} }, temperature: 0.6 })).toBe('accepted')
  expect(await refusal({ use_sliding_window: false, sliding_window: 131_072, max_window_layers: 1 }, 'qwen2')).toBe('accepted')
})

test('end tokens come from the generation config first, the tokenizer says which closes a turn', async () => {
  await cp(join(fixtures, 'llama'), folder, { recursive: true })
  const write = (file: string, value: unknown): Promise<void> => writeFile(join(folder, file), JSON.stringify(value))
  await write('generation_config.json', { eos_token_id: [7, 2, 9] })
  expect((await readConfig(folder)).endTokens).toEqual([7, 2, 9])
  await write('tokenizer.json', { added_tokens: [{ id: 9, content: '<end>' }], model: { vocab: { x: 3 } } })
  await write('tokenizer_config.json', { eos_token: { content: '<end>' } })
  expect((await readConfig(folder)).endTokens).toEqual([9, 7, 2])
  await write('generation_config.json', {})
  expect((await readConfig(folder)).endTokens).toEqual([2])
  await write('config.json', { ...(await json('llama')), eos_token_id: null })
  expect((await readConfig(folder)).endTokens).toEqual([9])
  await write('generation_config.json', { eos_token_id: 40 })
  await expect(readConfig(folder)).rejects.toThrow(/end token 40 is outside the vocabulary of 40/)
  await write('generation_config.json', { eos_token_id: 'x' })
  await expect(readConfig(folder)).rejects.toThrow(/generation_config.json: eos_token_id is not a token id/)
})

test('a folder without a readable config.json is refused', async () => {
  const empty = await mkdtemp(join(folder, 'empty-'))
  await expect(readConfig(empty)).rejects.toThrow(/config.json: not there/)
  await writeFile(join(empty, 'config.json'), '{')
  await expect(readConfig(empty)).rejects.toThrow(/config.json: not JSON/)
  await writeFile(join(empty, 'config.json'), '[]')
  await expect(readConfig(empty)).rejects.toThrow(/config.json: not a JSON object/)
})
