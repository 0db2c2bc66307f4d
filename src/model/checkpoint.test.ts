import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DataError, StoreError } from '../errors.ts'
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { parameterShapes } from './config.ts'
import { SafetensorsFile } from './safetensors.ts'
import { writeSafetensors, type NamedTensor } from './safetensors-writer.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tapo-checkpoint-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A copy of a fixture with its tensors altered, in one file or two shards. */
async function altered(name: string, change: (tensors: NamedTensor[]) => NamedTensor[], shards = 1): Promise<string> {
  const copy = await mkdtemp(join(folder, 'altered-'))
  await cp(join(fixtures, name), copy, { recursive: true })
  const { config, tensors } = await readCheckpoint(copy)
  const shapes = parameterShapes(config)
  const list = change([...tensors].map(([key, data]) => ({ name: key, shape: shapes.get(key) ?? [], data })))
  if (shards === 1) await writeSafetensors(join(copy, 'model.safetensors'), list)
  else await writeShards(copy, list)
  return copy
}

async function writeShards(directory: string, list: NamedTensor[]): Promise<void> {
  await rm(join(directory, 'model.safetensors'))
  const parts = [list.filter((_, i) => i % 2 === 0), list.filter((_, i) => i % 2 === 1)]
  const map: Record<string, string> = {}
  for (const [i, part] of parts.entries()) {
    const file = `model-0000${i + 1}-of-00002.safetensors`
    await writeSafetensors(join(directory, file), part, { dtype: i === 0 ? 'F32' : 'BF16' })
    for (const { name } of part) map[name] = file
  }
  await writeFile(join(directory, 'model.safetensors.index.json'), JSON.stringify({ metadata: {}, weight_map: map }))
}

async function refusal(directory: string): Promise<string> {
  const error: unknown = await readCheckpoint(directory).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(DataError)
  return (error as Error).message.replaceAll(directory, '')
}

test.each(['llama', 'qwen2', 'qwen3'])('a %s folder is read in the order of its parameters', async (name) => {
  const { config, tensors } = await readCheckpoint(join(fixtures, name))
  expect([...tensors.keys()]).toEqual([...parameterShapes(config).keys()])
  const file = await SafetensorsFile.open(join(fixtures, name, 'model.safetensors'))
  expect([...file.entries.keys()].toSorted()).toEqual([...tensors.keys()].toSorted())
  await file.close()
})

test('weights go into memory that the caller gives', async () => {
  const { tensors: expected } = await readCheckpoint(join(fixtures, 'llama'))
  const buffer = new SharedArrayBuffer(4 * 7120)
  let used = 0
  const { tensors } = await readCheckpoint(
    join(fixtures, 'llama'),
    (_, size) => new Float32Array(buffer, 4 * (used += size) - 4 * size, size),
  )
  expect(used).toBe(7120)
  expect(tensors).toEqual(expected)
})

test('shards of different types are read through their index', async () => {
  const whole = await readCheckpoint(join(fixtures, 'qwen2'))
  const { tensors } = await readCheckpoint(await altered('qwen2', (list) => list, 2))
  const names = [...whole.tensors.keys()]
  for (const [i, name] of names.entries()) {
    const difference = Math.max(
      ...[...(tensors.get(name) ?? [])].map((value, j) => Math.abs(value / (whole.tensors.get(name)?.[j] ?? 1) - 1)),
    )
    expect(difference).toBeLessThanOrEqual(i % 2 === 0 ? 0 : 2 ** -8)
  }
})

test('what is written is read back to the bit, and the companions are the same files', async () => {
  const source = join(folder, 'source')
  await cp(join(fixtures, 'qwen3'), source, { recursive: true })
  await writeFile(join(source, 'tokenizer.json'), '{ "odd":   "spacing" }')
  await writeFile(join(source, 'chat_template.jinja'), 'x')
  const checkpoint = await readCheckpoint(source)
  const target = join(folder, 'deep', 'target')
  await writeCheckpoint(target, { ...checkpoint, source, also: (part) => writeFile(join(part, 'optimizer.bin'), 'moments') })
  expect(await readCheckpoint(target)).toEqual(checkpoint)
  expect((await readdir(target)).toSorted()).toEqual(
    ['chat_template.jinja', 'config.json', 'generation_config.json', 'model.safetensors', 'optimizer.bin', 'tokenizer.json'], // no reference.json
  )
  for (const file of ['tokenizer.json', 'generation_config.json'])
    expect(await readFile(join(target, file))).toEqual(await readFile(join(source, file)))
  expect(await readdir(join(folder, 'deep'))).toEqual(['target'])
})

test('weights can be saved in half the bytes', async () => {
  const checkpoint = await readCheckpoint(join(fixtures, 'llama'))
  const target = join(folder, 'half')
  await writeCheckpoint(target, { ...checkpoint, dtype: 'F16' })
  const file = await SafetensorsFile.open(join(target, 'model.safetensors'))
  expect(file.entries.get('model.norm.weight')?.dtype).toBe('F16')
  await file.close()
  expect((await readCheckpoint(target)).config).toEqual(checkpoint.config)
  expect(await readFile(join(target, 'config.json'), 'utf8')).toContain('"torch_dtype": "float16"')
})

test('a redundant lm_head of tied embeddings is accepted when it is equal and refused when it is not', async () => {
  const withHead =
    (shift: number) =>
    (list: NamedTensor[]): NamedTensor[] => {
      const embeddings = list[0] as NamedTensor
      return [...list, { ...embeddings, name: 'lm_head.weight', data: embeddings.data.map((value) => value + shift) }]
    }
  const { tensors } = await readCheckpoint(await altered('qwen2', withHead(0)))
  expect(tensors.has('lm_head.weight')).toBe(false)
  expect(await refusal(await altered('qwen2', withHead(1)))).toMatch(/tensor lm_head.weight differs from the embeddings/)
})

test('tensors that are missing, misshapen or without a place are refused by name', async () => {
  const name = 'model.layers.1.mlp.up_proj.weight'
  expect(await refusal(await altered('llama', (list) => list.filter((each) => each.name !== name)))).toMatch(`tensor ${name} is missing`)
  const transposed = (list: NamedTensor[]): NamedTensor[] =>
    list.map((each) => ({ ...each, shape: each.name === name ? [16, 28] : each.shape }))
  expect(await refusal(await altered('llama', transposed))).toMatch(`tensor ${name} has shape [16,28], but config.json makes it [28,16]`)
  const extra = { name: 'model.layers.0.self_attn.q_proj.bias', shape: [1], data: Float32Array.of(0) }
  expect(await refusal(await altered('llama', (list) => [...list, extra]))).toMatch(`tensor ${extra.name} has no place in the model`)
  const buffer = { ...extra, name: 'model.layers.0.self_attn.rotary_emb.inv_freq' }
  expect((await readCheckpoint(await altered('llama', (list) => [...list, buffer]))).tensors.has(buffer.name)).toBe(false)
})

test('weights that are not finite are refused by name', async () => {
  const poisoned = (list: NamedTensor[]): NamedTensor[] => {
    list[2]!.data[17] = NaN
    return list
  }
  expect(await refusal(await altered('llama', poisoned))).toMatch(/tensor model.layers.0.self_attn.q_proj.weight: NaN at index \[1,1\]/)
})

test('folders with missing or damaged weights are refused', async () => {
  const copy = await altered('llama', (list) => list, 2)
  const index = join(copy, 'model.safetensors.index.json')
  const text = await readFile(index, 'utf8')
  await writeFile(index, text.replace('model-00001-of-00002', '../model-00001-of-00002'))
  expect(await refusal(copy)).toMatch(/"..\/model-00001-of-00002.safetensors", which is no file of this folder/)
  await writeFile(index, text.replace('model-00001-of-00002', 'model-00002-of-00002'))
  expect(await refusal(copy)).toMatch(
    /model-00002-of-00002.safetensors: tensor model.embed_tokens.weight is missing, though model.safetensors.index.json/,
  )
  await writeFile(index, '{}')
  expect(await refusal(copy)).toMatch(/no weight_map/)
  await writeFile(index, text)
  await truncate(join(copy, 'model-00002-of-00002.safetensors'), 3000)
  expect(await refusal(copy)).toMatch(/model-00002-of-00002.safetensors: truncated/)
  await rm(join(copy, 'model-00002-of-00002.safetensors'))
  expect(await refusal(copy)).toMatch(/model-00002-of-00002.safetensors: could not be opened/)
  await rm(index)
  expect(await refusal(copy)).toMatch(/neither model.safetensors nor model.safetensors.index.json/)
})

test('a save that fails leaves nothing, and one that was killed does not stand in the way', async () => {
  const checkpoint = await readCheckpoint(join(fixtures, 'llama'))
  const target = join(folder, 'failed')
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  const save = writeCheckpoint(target, { ...checkpoint, also: () => Promise.reject(full) })
  await expect(save).rejects.toThrow(`${target}: could not be written, no space left on the disk`)
  await expect(save).rejects.toBeInstanceOf(StoreError)
  expect((await readdir(folder)).filter((name) => name.includes('failed'))).toEqual([])
  await cp(join(fixtures, 'llama'), join(folder, '.failed.part'), { recursive: true })
  await writeCheckpoint(target, checkpoint)
  expect((await readdir(target)).toSorted()).toEqual(['config.json', 'model.safetensors'])
  await expect(writeCheckpoint(target, checkpoint)).rejects.toThrow(/is there already/)
  expect(existsSync(join(folder, '.failed.part'))).toBe(false)
})
