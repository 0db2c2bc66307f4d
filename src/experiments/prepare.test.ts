import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tinyModel } from './fixtures/tiny-model.ts'
import { parseConfig } from '../config/parse.ts'
import { localEngine } from '../engine/local/local-engine.ts'
import { contentsOf } from '../store/fixtures/folders.ts'
import { Run } from '../store/run.ts'
import type { Split } from '../tasks/task.ts'
import { train } from '../train.ts'
import { assemble } from './assemble.ts'
import { identityOf } from './identity.ts'
import { modelFolder } from './model.ts'
import { prepare } from './prepare.ts'
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

test('a rehearsal refuses a folder in the words of the run itself, and leaves it as it was', async () => {
  const { task, ...others } = await prepare(config)
  const prepared = { ...others, task: { ...task, problems: (split: Split) => ({ ...task.problems(split), size: 64 }) } } // quick to hash
  const place = mkdtempSync(join(tmpdir(), 'tapo-folders-'))
  const at = (name: string): string => join(place, name)
  const identity = await identityOf(prepared)
  Run.create(at('a run'), identity).close()
  Run.create(at('another run'), { ...identity, data: 'other' }).close()
  mkdirSync(at('full'))
  writeFileSync(at('full/thesis.txt'), '')
  const used = Run.create(at('used'), identity)
  const refused = [
    { name: 'a run', resume: false, message: 'holds a run already; go on with it (--resume), or choose another folder (--out)' },
    { name: 'full', resume: false, message: 'not empty, holds thesis.txt' },
    { name: 'full/thesis.txt/run', resume: false, message: `this folder cannot be made, ${at('full/thesis.txt')} is not a folder` },
    { name: 'used', resume: false, message: 'this run is in use, by process' },
    { name: 'used', resume: true, message: 'this run is in use, by process' },
    { name: 'another run', resume: true, message: 'started with another data; resume with the same, or start a new run' },
    { name: 'nothing', resume: true, message: 'no run to resume here' },
  ]
  const before = contentsOf(place)
  for (const { name, resume, message } of refused) {
    const options = { directory: at(name), resume, startEngine: localEngine }
    await expect(rehearse(prepared, options)).rejects.toThrow(message)
    await expect(assemble(prepared, options)).rejects.toThrow(message)
    expect(contentsOf(place)).toEqual(before)
  }
  used.close()
  await rehearse(prepared, { directory: at('used'), resume: true })
  await rehearse(prepared, { directory: at('new/and/deep'), resume: false })
  expect(readdirSync(place).toSorted()).toEqual(['a run', 'another run', 'full', 'used'])
})

test('a rehearsal of resuming refuses a checkpoint that is not as it was written', async () => {
  const directory = join(folder, 'run') // of the test above
  const prepared = await prepare(config)
  await rehearse(prepared, { directory, resume: true })
  writeFileSync(join(directory, 'checkpoints/step-000002/optimizer.safetensors'), 'torn')
  await expect(rehearse(prepared, { directory, resume: true })).rejects.toThrow('optimizer.safetensors: changed since it was written')
})

const fresh = { directory: join(folder, 'fresh'), resume: false }

test('a rehearsal refuses problems that are too long and weights that do not fit', async () => {
  const long = { ...config, rollout: { ...config.rollout, maxTokens: 500 } }
  await expect(rehearse(await prepare(long), fresh)).rejects.toThrow(
    /^problem mini\/train\/0: \d+ tokens and an answer of up to 500 do not fit/,
  )
  const prepared = await prepare(config)
  const found = await rehearse(prepared, fresh)
  expect(existsSync(fresh.directory)).toBe(false)
  expect(found.problems).toEqual({ train: 100_000, development: 1000 })
  expect(found.lengths.answer).toBe(8)
  const wider = { ...prepared, modelConfig: { ...prepared.modelConfig, feedForwardSize: 64 } }
  await expect(rehearse(wider, fresh)).rejects.toThrow(/shape/)
  writeFileSync(join(path, 'model.safetensors'), 'torn')
  await expect(rehearse(prepared, fresh)).rejects.toThrow(/model\.safetensors/)
})
