import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseConfig } from '../config/parse.ts'
import { localEngine } from '../engine/local/local-engine.ts'
import { contentsOf } from '../store/fixtures/folders.ts'
import type { StepEvent } from '../store/events.ts'
import { readRun } from '../store/reader.ts'
import type { Split } from '../tasks/task.ts'
import { train } from '../train.ts'
import { assemble } from './assemble.ts'
import { tinyModel } from './fixtures/tiny-model.ts'
import { prepare } from './prepare.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapo-initial-'))
const config = parseConfig({
  steps: 4,
  saveEverySteps: 1,
  model: { path: await tinyModel(folder) },
  method: { kind: 'opsd' },
  rollout: { problems: 2, groupSize: 2, maxTokens: 8 },
  optimizer: { learningRate: 0.1, warmupSteps: 0 },
  evaluation: { everySteps: 0 },
  engine: { threads: 1 },
})
const divergences = (steps: readonly StepEvent[]): (number | undefined)[] => steps.map(({ report }) => report?.divergence)

/** Runs, or goes on with, a run in `directory`; stops after `stopAfter` steps. */
async function go(directory: string, method: Partial<typeof config.method> = {}, stopAfter: number = config.steps): Promise<void> {
  const { task, ...others } = await prepare({ ...config, method: { ...config.method, ...method } as typeof config.method })
  const prepared = { ...others, task: { ...task, problems: (split: Split) => ({ ...task.problems(split), size: 64 }) } } // quick to hash
  const controller = new AbortController()
  const options = { directory, resume: existsSync(directory), startEngine: localEngine, signal: controller.signal }
  const { parts, close } = await assemble(prepared, options)
  for await (const news of train(parts)) if (news.type === 'step' && news.step === stopAfter) controller.abort()
  await close()
}

test('a teacher with the weights of the start is the same teacher after an interruption, and another than the model as it stands', async () => {
  const [whole, broken, live] = ['whole', 'broken', 'live'].map((name) => join(folder, name)) as [string, string, string]
  await go(whole)
  await go(broken, {}, 2)
  await go(broken)
  expect(contentsOf(broken)).toEqual(contentsOf(whole))
  await go(live, { teacher: 'live' })
  const [fixed, current] = [whole, live].map((directory) => divergences(readRun(directory).steps)) as [number[], number[]]
  expect(fixed[0]).toBe(current[0])
  expect(fixed[1]).not.toBe(current[1])
})
