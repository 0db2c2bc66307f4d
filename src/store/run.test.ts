import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { Trainer } from '../engine/engine.ts'
import { EngineError, StoreError, UsageError } from '../errors.ts'
import { newFolder } from './fixtures/folders.ts'
import { constructions, examples, groups } from './fixtures/step.ts'
import { identity, newTrainer, settings } from './fixtures/training.ts'
import { listRuns, readGroups, readRun } from './reader.ts'
import { Run, type StepRecord } from './run.ts'

const objective = { kind: 'likelihood' } as const
const record: StepRecord = {
  step: 1,
  groups,
  result: { examples, constructions, objective, metrics: {} },
  update: { ...settings(3).optimizer, objective, learningRate: 1 },
  report: { loss: 1, gradientNorm: 2, tokens: 3, clipShare: 0, kl: 0, entropy: 1, logprobDifference: 0 },
  metrics: { accuracy: 0.5, meanWeight: NaN },
  watch: { seconds: () => ({ total: 1 }) },
}

async function runOfOneStep(directory: string): Promise<void> {
  const run = Run.create(directory, identity(3))
  await run.recordStep(record)
  await run.saveCheckpoint(1, newTrainer())
  run.close()
}

test('a new run needs a folder of its own', async () => {
  const directory = newFolder()
  await runOfOneStep(directory)
  expect(() => Run.create(directory, identity(3))).toThrow('holds a run already')
  const home = newFolder()
  mkdirSync(home)
  writeFileSync(join(home, 'thesis.txt'), '')
  expect(() => Run.create(home, identity(3))).toThrow('not empty, holds thesis.txt')
  expect(readdirSync(home)).toEqual(['thesis.txt'])
})

test('a folder in use by another is refused, to begin and to resume', async () => {
  const directory = newFolder()
  const run = Run.create(directory, identity(3))
  expect(() => Run.create(directory, identity(3))).toThrow(StoreError)
  await expect(Run.resume(directory, identity(3))).rejects.toThrow('this folder is in use')
  expect(readRun(directory).state).toBe('running')
  run.close()
  expect(readRun(directory).state).toBe('interrupted')
})

test('only the same run is resumed: a changed config is refused with the keys that differ', async () => {
  const directory = newFolder()
  const started = { ...identity(3), config: { seed: 1, rollout: { count: 8 }, name: 'a' } }
  Run.create(directory, started).close()
  const changed = { ...started, config: { seed: 1, rollout: { count: 16 }, extra: true, name: 'a' }, model: 'other' }
  await expect(Run.resume(directory, changed)).rejects.toThrow(UsageError)
  await expect(Run.resume(directory, changed)).rejects.toThrow(
    'started with another config rollout.count (8, now 16), config extra (absent, now true), model',
  )
  const reordered = { ...started, config: { name: 'a', rollout: { count: 8 }, seed: 1 }, package: 'tapo@9.9.9' }
  const run = await Run.resume(directory, reordered)
  run.close()
  await expect(Run.resume(`${directory}-absent`, started)).rejects.toThrow('no run to resume here')
  expect(existsSync(`${directory}-absent`)).toBe(false)
})

test('resuming removes what the log does not name, and nothing else', async () => {
  const directory = newFolder()
  await runOfOneStep(directory)
  mkdirSync(join(directory, 'checkpoints/.step-000002.part'))
  mkdirSync(join(directory, 'checkpoints/step-000002'))
  writeFileSync(join(directory, 'rollouts/.step-000002.parquet.part'), 'half')
  writeFileSync(join(directory, 'notes.md'), 'mine')
  const run = await Run.resume(directory, identity(3))
  run.close()
  expect(readdirSync(join(directory, 'checkpoints'))).toEqual(['step-000001'])
  expect(readdirSync(join(directory, 'rollouts'))).toEqual(['step-000001.parquet'])
  expect(existsSync(join(directory, 'notes.md'))).toBe(true)
})

test('a step comes back as the batch that was trained, and a changed file is refused', async () => {
  const directory = newFolder()
  await runOfOneStep(directory)
  const run = await Run.resume(directory, identity(3))
  const event = run.step(1)!
  expect(await run.examples(event)).toEqual(examples)
  expect(event.metrics).toEqual({ accuracy: 0.5 })
  expect(event.timing.session).toBe(1)
  expect(run.append({ type: 'finished', steps: 1 }).timing.session).toBe(2)
  const path = join(directory, event.rollouts.path)
  writeFileSync(path, readFileSync(path).fill(0, 10, 20))
  await expect(run.examples(event)).rejects.toThrow(`${path}: changed since it was written`)
  run.close()
})

test('a damaged checkpoint is refused; an older one serves where the newest was deleted', async () => {
  const directory = newFolder()
  const run = Run.create(directory, identity(3))
  await run.saveCheckpoint(1, newTrainer())
  await run.saveCheckpoint(2, newTrainer())
  expect(await run.loadCheckpoint(newTrainer())).toBe(2)
  writeFileSync(join(directory, 'checkpoints/step-000002/bigram.json'), '{}')
  await expect(run.loadCheckpoint(newTrainer())).rejects.toThrow('bigram.json: changed since it was written')
  rmSync(join(directory, 'checkpoints/step-000002'), { recursive: true })
  expect(await run.loadCheckpoint(newTrainer())).toBe(1)
  run.close()
})

test('a checkpoint that cannot be written leaves nothing behind', async () => {
  const directory = newFolder()
  const run = Run.create(directory, identity(3))
  const failing = (cause: Error): Trainer => ({
    ...newTrainer(),
    save: (folder) => {
      mkdirSync(folder)
      return Promise.reject(cause)
    },
  })
  const full = Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' })
  await expect(run.saveCheckpoint(1, failing(full))).rejects.toThrow(/step-000001: could not be written, no space left on the disk/)
  await expect(run.saveCheckpoint(1, failing(new EngineError('the worker ended')))).rejects.toThrow(EngineError)
  expect(readdirSync(join(directory, 'checkpoints'))).toEqual([])
  expect(run.latestCheckpoint()).toBeUndefined()
  run.close()
})

test('runs are read without their lock: the list, latest first, and a group of a step', async () => {
  const [directory, later] = [newFolder(), newFolder()]
  await runOfOneStep(directory)
  await runOfOneStep(later)
  expect(listRuns(dirname(directory)).map(({ name, state, steps }) => [name, state, steps.length])).toEqual([['run', 'interrupted', 1]])
  expect(listRuns(join(directory, 'nothing here'))).toEqual([])
  const [group] = await readGroups(readRun(directory), 1)
  expect(group?.problem).toEqual({ id: 'sum/1', question: '2+3=?', answer: '5' })
  expect(group?.attempts.map((row) => row.text)).toEqual(['5', '678'])
  expect(group?.constructions.map((row) => row.refusal)).toEqual(['no-tags', undefined])
  expect(group?.negatives.map((row) => row.source)).toEqual([1])
  await expect(readGroups(readRun(directory), 2)).rejects.toThrow('step 2 is not in the log, which has steps 1 to 1')
  expect(() => readRun(dirname(directory))).toThrow('no run here')
})

test('a run whose log cannot be read does not hide the others', async () => {
  const parent = dirname(newFolder())
  await runOfOneStep(join(parent, 'good'))
  mkdirSync(join(parent, 'bad'))
  writeFileSync(join(parent, 'bad', 'events.jsonl'), '{"v":99}\n')
  const [good, bad] = listRuns(parent)
  expect([good?.name, good?.state]).toEqual(['good', 'interrupted'])
  expect([bad?.name, bad?.state]).toEqual(['bad', 'unreadable'])
  expect(bad?.problem).toContain('events.jsonl:1: not an event')
})

test('a folder that cannot be made is refused by name', () => {
  const file = `${newFolder()}.txt`
  writeFileSync(file, '')
  const inside = join(file, 'run')
  expect(() => Run.create(inside, identity(3))).toThrow(`${inside}: this folder cannot be made, ${file} is not a folder; choose another`)
})
