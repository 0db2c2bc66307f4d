import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test, vi } from 'vitest'
import { scripted } from './engine/scripted.ts'
import type { Method } from './methods/method.ts'
import { contentsOf, eventsOf, newFolder } from './store/fixtures/folders.ts'
import { identity, miniature, plainMethod, progressOf, settings, tokenizer } from './store/fixtures/training.ts'
import { readRun } from './store/reader.ts'
import { Run } from './store/run.ts'
import { train, type Progress, type TrainParts } from './train.ts'

vi.setConfig({ testTimeout: 180_000 }) // many whole runs, on a machine that may be busy

const STEPS = 12
const whole = newFolder()
let progress: Progress[] = []

beforeAll(async () => {
  progress = await begin(whole)
})

async function begin(directory: string, changes: Partial<TrainParts> = {}): Promise<Progress[]> {
  const run = Run.create(directory, identity(STEPS))
  try {
    return await progressOf(miniature(run, STEPS, changes))
  } finally {
    run.close()
  }
}

async function resume(directory: string, changes: Partial<TrainParts> = {}): Promise<Progress[]> {
  const run = await Run.resume(directory, identity(STEPS))
  try {
    return await progressOf(miniature(run, STEPS, changes))
  } finally {
    run.close()
  }
}

/** What happened, e.g. 'step 3'. */
const said = (all: readonly Progress[]): string[] =>
  all.flatMap((each) => (each.type === 'phase' ? [] : ['step' in each ? `${each.type} ${each.step}` : each.type]))

test('a run attempts, updates and records every step, and checkpoints and evaluates when due', () => {
  const expected =
    'evaluation 0, step 1, step 2, step 3, step 4, evaluation 4, step 5, checkpoint 5, step 6, step 7, step 8, evaluation 8, ' +
    'step 9, step 10, checkpoint 10, step 11, step 12, checkpoint 12, evaluation 12, finished'
  expect(said(progress).join(', ')).toBe(expected)
  expect(eventsOf(whole).map((event) => event['type'])).toEqual(['started', ...said(progress).map((each) => each.split(' ')[0])])
  const phases = progress.flatMap((each) => (each.type === 'phase' && each.step === 3 ? [each.phase] : []))
  expect(phases).toEqual(['rollout', 'method', 'update'])
})

test('the same config and seed give the same bytes, times aside', async () => {
  const again = newFolder()
  await begin(again)
  expect(contentsOf(again)).toEqual(contentsOf(whole))
})

test('a run cut off at any event or within it is resumed to the same bytes', async () => {
  const log = readFileSync(join(whole, 'events.jsonl'), 'utf8')
  const ends = [0, ...[...log.matchAll(/\n/g)].map((match) => match.index + 1)]
  for (const [i, end] of ends.entries()) {
    for (const cut of i % 3 === 0 ? [end, Math.min(end + 25, log.length)] : [end]) {
      const folder = newFolder()
      cpSync(whole, folder, { recursive: true }) // later files stay: they look like files whose event was never written
      writeFileSync(join(folder, 'events.jsonl'), log.slice(0, cut))
      await resume(folder)
      expect(contentsOf(folder)).toEqual(contentsOf(whole))
    }
  }
})

test('without any checkpoint left, a resumed run makes all its updates again and samples none of them', async () => {
  const folder = newFolder()
  cpSync(whole, folder, { recursive: true })
  const lines = readFileSync(join(folder, 'events.jsonl'), 'utf8').split('\n')
  writeFileSync(join(folder, 'events.jsonl'), `${lines.slice(0, 15).join('\n')}\n`)
  rmSync(join(folder, 'checkpoints'), { recursive: true })
  const all = await resume(folder)
  expect(all.filter((each) => each.type === 'phase' && each.phase === 'replay')).toHaveLength(10)
  expect(all.filter((each) => each.type === 'phase' && each.phase === 'rollout')).toHaveLength(2)
  expect(eventsOf(folder)).toEqual(eventsOf(whole))
})

test('resuming a finished run does nothing', async () => {
  expect(await resume(whole)).toEqual([])
})

test('a signal leaves an evaluation at once, takes no further step, and the resumed run evaluates again to the same bytes', async () => {
  const folder = newFolder()
  const controller = new AbortController()
  const run = Run.create(folder, identity(STEPS))
  const parts = miniature(run, STEPS, { signal: controller.signal })
  const inTheMiddle: TrainParts['evaluate'] = (policy) => {
    if (run.has('step', 8)) controller.abort()
    return (parts.evaluate as NonNullable<TrainParts['evaluate']>)(policy)
  }
  await progressOf({ ...parts, evaluate: inTheMiddle })
  run.close()
  expect(said(run.events).slice(-2)).toEqual(['step 7', 'step 8'])
  expect(readRun(folder).state).toBe('interrupted')
  await resume(folder)
  expect(contentsOf(folder)).toEqual(contentsOf(whole))
})

const places = ['evaluation 0', 'step 4', 'evaluation 4', 'step 5', 'checkpoint 5', 'step 12', 'checkpoint 12', 'evaluation 12']

test.each(places)('a signal after %s stops there, and the run can be resumed to the same bytes', async (last) => {
  const folder = newFolder()
  const controller = new AbortController()
  const run = Run.create(folder, identity(STEPS))
  for await (const each of train(miniature(run, STEPS, { signal: controller.signal }))) if (said([each])[0] === last) controller.abort()
  run.close()
  expect(said(run.events).at(-1)).toBe(last)
  await resume(folder)
  expect(contentsOf(folder)).toEqual(contentsOf(whole))
})

test('a signal within a step lets it end, and the run can be resumed to the same bytes', async () => {
  const folder = newFolder()
  const controller = new AbortController()
  const run = Run.create(folder, identity(STEPS))
  for await (const each of train(miniature(run, STEPS, { signal: controller.signal }))) {
    if (each.type === 'phase' && each.phase === 'method' && each.step === 7) controller.abort()
  }
  run.close()
  expect(said(run.events).at(-1)).toBe('step 7')
  expect(readRun(folder).state).toBe('interrupted')
  await resume(folder)
  expect(contentsOf(folder)).toEqual(contentsOf(whole))
})

test('a run that replaces groups without variance is resumed to the same bytes too', async () => {
  const [all, part] = [newFolder(), newFolder()]
  const controller = new AbortController()
  const changes = { settings: { ...settings(STEPS), replacements: 2 } }
  await begin(all, changes)
  const run = Run.create(part, identity(STEPS))
  for await (const each of train(miniature(run, STEPS, { ...changes, signal: controller.signal }))) {
    if ('step' in each && each.step === 2) controller.abort()
  }
  run.close()
  await resume(part, changes)
  expect(contentsOf(part)).toEqual(contentsOf(all))
  const { steps } = readRun(all)
  expect(steps.some(({ metrics }) => (metrics['group.replaced'] ?? 0) > 0)).toBe(true)
  expect(steps.every(({ problems }) => problems.length === 4)).toBe(true)
})

test('a run of no steps saves and evaluates the model that it begins from', async () => {
  const folder = newFolder()
  const run = Run.create(folder, identity(0))
  expect(said(await progressOf(miniature(run, 0)))).toEqual(['checkpoint 0', 'evaluation 0', 'finished'])
  run.close()
  const again = await Run.resume(folder, identity(0))
  expect(await progressOf(miniature(again, 0))).toEqual([])
  again.close()
})

test('a step with nothing to learn counts, is logged without a report, and leaves the weights alone', async () => {
  const folder = newFolder()
  const nothing: Method = async (groups, context) => ({ ...(await plainMethod(groups, context)), examples: [] })
  await begin(folder, { method: nothing })
  const { steps, checkpoints } = readRun(folder)
  expect(steps).toHaveLength(STEPS)
  expect(steps.every((step) => step.report === undefined)).toBe(true)
  expect(checkpoints.at(-1)?.files.map((file) => file.sha256)).toEqual(checkpoints[0]?.files.map((file) => file.sha256))
})

test('an update that is not finite ends the run with the step, the batch and the last good checkpoint named', async () => {
  const folder = newFolder()
  const poisoned = poisonedAt(7)
  await expect(begin(folder, { method: poisoned })).rejects.toThrow(
    /^step 7: .*NaN.*batch: double\/\d rollout 0, .* and 40 more, all in .*events\.jsonl; last good checkpoint: checkpoints\/step-000005$/,
  )
  const { state, failure } = readRun(folder)
  expect(state).toBe('failed')
  expect(failure).toMatchObject({ step: 7, checkpoint: 'checkpoints/step-000005' })
  expect(failure?.examples).toHaveLength(48)
  await resume(folder)
  const made = (directory: string): unknown[] =>
    eventsOf(directory).flatMap(({ type, step, report }) => (type === 'step' ? [{ step, report }] : []))
  expect(made(folder)).toEqual(made(whole))
})

test('an update that comes out differently when made again stops the resumed run', async () => {
  const folder = newFolder()
  const controller = new AbortController()
  const run = Run.create(folder, identity(STEPS))
  for await (const each of train(miniature(run, STEPS, { signal: controller.signal })))
    if ('step' in each && each.step === 4) controller.abort()
  run.close()
  const V = tokenizer.vocabularySize
  const other = scripted({
    vocabularySize: V,
    endTokens: tokenizer.endTokens,
    logits: Float32Array.from({ length: V * V }, (_, i) => i % 3),
  })
  await expect(resume(folder, { trainer: other })).rejects.toThrow(/step \d made again gives other numbers than its log, loss .* is logged/)
})

test('every figure of the loop has a curve, and a figure that does not exist is left out', () => {
  const [step] = readRun(whole).steps
  expect(Object.keys(step?.metrics ?? {}).toSorted()).toEqual(['accuracy', 'responseLength', 'sampledTokens', 'truncatedShare'])
  expect(Object.keys(step?.timing.seconds ?? {})).toEqual(['rollout', 'method', 'update', 'engine', 'other', 'total'])
})

/** The plain method, with one advantage of a step not a number. */
function poisonedAt(step: number): Method {
  let calls = 0
  return async (groups, context) => {
    calls += 1
    const result = await plainMethod(groups, context)
    if (calls === step) result.examples[3]?.advantages.fill(NaN, 1)
    return result
  }
}

test('what the steps warn of is in the log once, in the same place whatever the interruption', async () => {
  const warningOf: TrainParts['warningOf'] = (steps) => (steps.length >= 3 ? `${steps.length} steps` : undefined)
  const warned = newFolder()
  const told = await begin(warned, { warningOf })
  expect(told.filter(({ type }) => type === 'warning')).toMatchObject([{ step: 3, text: '3 steps' }])
  const lines = readFileSync(join(warned, 'events.jsonl'), 'utf8').split('\n')
  const place = lines.findIndex((line) => line.includes('"type":"warning"'))
  expect(lines[place - 1]).toContain('"type":"step","step":3')
  for (const kept of [place, place + 1]) {
    const directory = newFolder()
    cpSync(warned, directory, { recursive: true })
    writeFileSync(join(directory, 'events.jsonl'), `${lines.slice(0, kept).join('\n')}\n`)
    await resume(directory, { warningOf })
    expect(contentsOf(directory)).toEqual(contentsOf(warned))
  }
})
