import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tinyModel } from './fixtures/tiny-model.ts'
import { parseConfig } from '../config/parse.ts'
import { localEngine } from '../engine/local/local-engine.ts'
import { train } from '../train.ts'
import { assemble } from './assemble.ts'
import { identityOf } from './identity.ts'
import { modelFolder, prepare } from './prepare.ts'
import { rehearse } from './rehearse.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapo-prepare-'))
const path = await tinyModel(folder)
const config = parseConfig({
  steps: 2,
  model: { path },
  rollout: { problems: 2, groupSize: 2, maxTokens: 8 },
  evaluation: { problems: 2, samples: 1, everySteps: 0 },
})

test('a run is the same run wherever its files are and however it is computed', async () => {
  const same = { ...config, out: 'elsewhere', engine: { ...config.engine, threads: 1, cacheMb: 1 } }
  const identity = await identityOf(await prepare(config))
  expect(await identityOf(await prepare(same))).toEqual(identity)
  expect(JSON.stringify(identity.config)).not.toContain(path)
  const { config: other } = await identityOf(await prepare({ ...config, seed: 2 }))
  expect(other).not.toEqual(identity.config)
  const { data } = await identityOf(await prepare({ ...config, task: { kind: 'mini', seed: 2, fewest: 3, most: 6 } }))
  expect(data).not.toBe(identity.data)
})

test('the variables of a chat template are in every prompt and make another run', async () => {
  const model = join(folder, 'with-template')
  cpSync(path, model, { recursive: true })
  writeFileSync(
    join(model, 'chat_template.jinja'),
    '{{ messages[0].content }}{% if not enable_thinking | default(true) %} answer{% endif %}',
  )
  const [plain, quick] = await Promise.all(
    [{}, { enable_thinking: false }].map((templateVariables) => prepare({ ...config, model: { path: model, templateVariables } })),
  )
  const [word = 0] = plain!.tokenizer.encode('answer')
  expect(quick!.tokenizer.prompt('gems')).toEqual(Int32Array.of(...plain!.tokenizer.prompt('gems'), word))
  expect((await identityOf(plain!)).config).not.toHaveProperty('model')
  expect((await identityOf(quick!)).config).toHaveProperty('model', { templateVariables: { enable_thinking: false } })
})

test('a run stands for its newest checkpoint', async () => {
  const directory = join(folder, 'run')
  const { parts, close } = await assemble(await prepare(config), { directory, resume: false, startEngine: localEngine })
  expect(() => modelFolder(directory)).toThrow(`${directory}: this run has no checkpoint yet`)
  const types: string[] = []
  for await (const { type } of train(parts)) types.push(type)
  expect(types.at(-1)).toBe('finished')
  await close()
  expect(modelFolder(directory)).toBe(join(directory, 'checkpoints', 'step-000002'))
  await prepare({ ...config, model: { ...config.model, path: directory } })
})

test('a model that is not there is told as what it is', () => {
  expect(() => modelFolder('')).toThrow('model.path: not given')
  expect(() => modelFolder('nowhere')).toThrow('nowhere: no such folder; a model is a Hugging Face folder, a run, or the word starter')
  expect(modelFolder('starter')).toMatch(/starter$/)
})

test('a rehearsal refuses problems that are too long and weights that do not fit', async () => {
  const long = { ...config, rollout: { ...config.rollout, maxTokens: 500 } }
  await expect(rehearse(await prepare(long), folder)).rejects.toThrow(
    /^problem mini\/train\/0: \d+ tokens and an answer of up to 500 do not fit/,
  )
  const prepared = await prepare(config)
  const found = await rehearse(prepared, folder)
  expect(found.problems).toEqual({ train: 100_000, development: 1000 })
  expect(found.lengths.answer).toBe(8)
  const wider = { ...prepared, modelConfig: { ...prepared.modelConfig, feedForwardSize: 64 } }
  await expect(rehearse(wider, folder)).rejects.toThrow(/shape/)
  writeFileSync(join(path, 'model.safetensors'), 'torn')
  await expect(rehearse(prepared, folder)).rejects.toThrow(/model\.safetensors/)
})
