/** The loop with a real transformer: threads, memory budgets and an interruption do not exist for the bytes of a run. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { localEngine, type LocalOptions } from './engine/local/local-engine.ts'
import { grpo } from './methods/grpo.ts'
import { contentsOf, newFolder } from './store/fixtures/folders.ts'
import { identity, miniature, settings } from './store/fixtures/training.ts'
import { readRun } from './store/reader.ts'
import { Run } from './store/run.ts'
import { train } from './train.ts'

const STEPS = 4
const model = join(import.meta.dirname, 'model/fixtures/llama')

/** Runs, or goes on with, a run in `directory`; stops after `stopAfter` steps. */
async function go(directory: string, options: Omit<LocalOptions, 'model'>, stopAfter: number = STEPS): Promise<void> {
  const trainer = await localEngine({ model, ...options })
  const run = existsSync(directory) ? await Run.resume(directory, identity(STEPS)) : Run.create(directory, identity(STEPS))
  const controller = new AbortController()
  const small = {
    ...settings(STEPS),
    checkpointEverySteps: 0,
    evaluateEverySteps: 0,
    schedule: { ...settings(STEPS).schedule, learningRate: 0.01 },
  }
  for await (const each of train(miniature(run, STEPS, { trainer, method: grpo(), settings: small, signal: controller.signal }))) {
    if (each.type === 'step' && each.step === stopAfter) controller.abort()
  }
  run.close()
  await trainer.close()
}

test('one thread and two, small and large budgets, interrupted or not: the same weights, log and rollouts', async () => {
  const [whole, broken] = [newFolder(), newFolder()]
  await go(whole, { threads: 2 })
  await go(broken, { threads: 1 }, 3)
  await go(broken, { threads: 2, activationMb: 0 })
  expect(readRun(whole).steps.some((step) => step.report !== undefined)).toBe(true)
  expect(contentsOf(broken)).toEqual(contentsOf(whole))
})
