import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tinyModel } from './fixtures/tiny-model.ts'
import type { MixtureRow } from '../coldstart/mixture.ts'
import { writeMixture } from '../coldstart/mixture-file.ts'
import { parseConfig } from '../config/parse.ts'
import { localEngine } from '../engine/local/local-engine.ts'
import { contentsOf } from '../store/fixtures/folders.ts'
import { Run } from '../store/run.ts'
import type { Split } from '../tasks/task.ts'
import { train } from '../train.ts'
import { assemble } from './assemble.ts'
import { fittingRows } from './coldstart.ts'
import { identityOf } from './identity.ts'
import { modelFolder } from './model.ts'
import { lessonsOf, prepare } from './prepare.ts'
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

test('rows of a file are learnt in place of the task problems, wherever the file is, and another file is another run', async () => {
  const row = {
    id: 'mini/train/0 solution 0',
    kind: 'solution',
    format: 'sft',
    problem: 'mini/train/0',
    attempt: 0,
    writer: 'model',
  } as const
  const solution: MixtureRow = {
    ...row,
    prompt: 'gems is 2 . gems ?',
    completion: 'gems 2 . answer 2 .',
    prefix: '',
    source: '',
    checks: ['right'],
  }
  const files = ['rows.jsonl', 'rows.parquet', 'others.jsonl'].map((name) => join(folder, name))
  await writeMixture(files[0]!, [solution])
  await writeMixture(files[1]!, [solution])
  await writeMixture(files[2]!, [{ ...solution, completion: 'answer 2 .' }])
  const fitting = (file: string): ReturnType<typeof prepare> => prepare(fittingRows(config, file))
  const prepared = await fitting(files[0]!)
  const { problems, task } = lessonsOf(prepared)
  expect([problems.size, task.ask(problems.at(0))]).toEqual([1, 'gems is 2 . gems ?'])
  const identity = await identityOf(prepared)
  expect(JSON.stringify(identity.config)).not.toContain('rows.jsonl')
  cpSync(files[0]!, join(folder, 'moved.jsonl'))
  expect(await identityOf(await fitting(join(folder, 'moved.jsonl')))).toEqual(identity)
  expect((await identityOf(await fitting(files[2]!))).data).not.toBe(identity.data)
  const evaluated = await prepare({ ...prepared.config, method: { kind: 'rows', file: '', prefixLoss: 'trained' } })
  expect(() => lessonsOf(evaluated)).toThrow('method.file: not given; name a file of tapo coldstart build')
  expect(() => parseConfig({ method: { kind: 'rows' }, rollout: { groupSize: 2 } })).toThrow(
    'config: rollout.groupSize: 2 attempts, but rows are learnt as they are; set it to 0',
  )
  const directory = join(folder, 'fitted')
  const { parts, close } = await assemble(prepared, { directory, resume: false, startEngine: localEngine })
  for await (const progress of train(parts)) if (progress.type === 'step') expect(progress.metrics['demonstration.solution']).toBe(2) // the one row, twice
  await close()
})

test('training can be held to the problems that a filter kept', async () => {
  const only = join(folder, 'kept.jsonl')
  writeFileSync(only, '{"index":7,"problem":"mini/train/7","right":1,"samples":8}\n')
  const prepared = await prepare({ ...config, rollout: { ...config.rollout, only } })
  const set = prepared.task.problems('train')
  expect([set.size, set.at(0).id, prepared.task.problems('development').size]).toEqual([1, 'mini/train/7', 1000])
  const identity = await identityOf(prepared)
  expect(identity.data).not.toBe((await identityOf(await prepare(config))).data)
  expect(JSON.stringify(identity.config)).not.toContain('kept.jsonl')
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
    { name: 'used', resume: false, message: 'this folder is in use, by process' },
    { name: 'used', resume: true, message: 'this folder is in use, by process' },
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
    /^problem mini\/train\/0: a prompt of \d+ tokens and an answer of up to 500 do not fit/,
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
