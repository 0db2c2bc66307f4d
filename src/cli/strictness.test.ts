/** The same answers under two policies: the verdicts differ, the run's first event says which policy it was, and who judges again reads it. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseConfig } from '../config/parse.ts'
import { scripted } from '../engine/scripted.ts'
import { recordedConfig } from '../experiments/identity.ts'
import { taskOf } from '../experiments/prepare.ts'
import { identity, miniature, progressOf, tokenizer } from '../store/fixtures/training.ts'
import { readRows, readRun } from '../store/reader.ts'
import { Run } from '../store/run.ts'
import type { Strictness } from '../tasks/math-answer/policy.ts'
import { recordedChoice } from './work/recorded-policy.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapo-strictness-'))
const data = join(folder, 'thirds.jsonl')
writeFileSync(data, Array.from({ length: 8 }, (_, i) => `${JSON.stringify({ problem: String(i), answer: '\\frac{1}{3}' })}\n`).join(''))

/** One step in which every answer is 0.333333. */
async function rewardsOf(strictness: Strictness): Promise<{ readonly directory: string; readonly rewards: readonly unknown[] }> {
  const config = parseConfig({ task: { kind: 'math', data, developmentShare: 0, strictness } })
  const directory = join(folder, strictness)
  const run = Run.create(directory, { ...identity(1), config: recordedConfig(config) })
  const math = await taskOf(config.task)
  const trainer = scripted({ vocabularySize: tokenizer.vocabularySize, endTokens: tokenizer.endTokens, answers: () => [3] })
  const words = { ...tokenizer, decode: () => '\\boxed{0.333333}', prompt: () => Int32Array.of(11) }
  await progressOf(miniature(run, 1, { trainer, task: math, problems: math.problems('train'), tokenizer: words }))
  run.close()
  const rows = await readRows(readRun(directory), 1)
  return { directory, rewards: [...new Set(rows.filter(({ kind }) => kind === 'rollout').map(({ reward }) => reward))] }
}

test('a decimal of six digits for a third is right or wrong as the policy says, and the run says which policy it was', async () => {
  for (const [strictness, reward] of [
    ['standard', 1],
    ['strict', 0],
  ] as const) {
    const { directory, rewards } = await rewardsOf(strictness)
    expect(rewards).toEqual([reward])
    expect(recordedChoice(readRun(directory).started)).toEqual({ strictness, undecided: 'leave' })
  }
  expect(recordedChoice(undefined)).toEqual({ strictness: 'standard', undecided: 'leave' })
})
