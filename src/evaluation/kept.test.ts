import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Policy } from '../engine/engine.ts'
import { fold, seedOf } from '../random.ts'
import { contentsOf } from '../store/fixtures/folders.ts'
import { readRollouts } from '../store/rollouts.ts'
import { newTrainer, problems, settings, task, tokenizer } from '../store/fixtures/training.ts'
import { type EvaluateOptions, answersTo, evaluate, evaluationOf } from './evaluate.ts'
import { answersFolder, type EvaluationRequest, finishEvaluation, openEvaluation, readEvaluation } from './folder.ts'
import { keptPolicy } from './kept.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapo-kept-'))
const request: EvaluationRequest = {
  package: 'tapo@0.1.0',
  name: 'digits',
  model: 'zeros',
  step: null,
  data: 'digits',
  sources: [],
  settings: { temperature: 1, samples: 4 },
  prompt: { problem: 'double/0', text: '0', tokens: [10] },
}

async function options(policy: Policy): Promise<EvaluateOptions> {
  const all = Array.from({ length: problems.size }, (_, i) => problems.at(i))
  const sampling = { ...settings(1).sampling, count: 4 }
  return Promise.resolve({ name: 'digits', policy, tokenizer, task, problems: all, sampling, seed: fold(seedOf(7), 3), greedy: true })
}

/** A policy that answers `most` requests and then fails, as a machine does whose power is cut. */
function mortal(policy: Policy, most: number): Policy {
  let left = most
  return {
    ...policy,
    async sample(requests, sampling, answered) {
      const answers = await policy.sample(requests.slice(0, left), sampling)
      answers.forEach((completions, i) => answered?.(i, completions))
      left -= answers.length
      if (answers.length < requests.length) throw new Error('power cut')
      return answers
    },
  }
}

async function store(directory: string, policy: Policy): Promise<void> {
  await openEvaluation(directory, request)
  const asked = await options(keptPolicy(policy, answersFolder(directory)))
  const answers = await answersTo(asked)
  await finishEvaluation(directory, answers, { request, evaluation: evaluationOf(answers, asked) })
}

test('an evaluation that is interrupted anywhere ends with the bytes of one that is not', async () => {
  const policy = await newTrainer().policy()
  const whole = join(folder, 'whole')
  await store(whole, policy)
  expect(readdirSync(whole).toSorted()).toEqual(['evaluation.json', 'greedy.parquet', 'request.json', 'samples.parquet'])
  for (const most of [3, 10]) {
    const directory = join(folder, `cut-${most}`)
    await expect(store(directory, mortal(policy, most))).rejects.toThrow('power cut')
    expect(readEvaluation(directory)).toBeUndefined()
    await expect(store(directory, mortal(policy, 20 - most - 1))).rejects.toThrow('power cut')
    await store(directory, mortal(policy, 1)) // what was answered is not asked again
    expect(contentsOf(directory)).toEqual(contentsOf(whole))
  }
})

test('a kept answer that is damaged is named, with what to do, and is sampled again once it is gone', async () => {
  const policy = await newTrainer().policy()
  const directory = join(folder, 'damaged')
  await expect(store(directory, mortal(policy, 3))).rejects.toThrow('power cut')
  const path = join(answersFolder(directory), 'call-0', '000001.parquet')
  truncateSync(path, 300)
  await expect(store(directory, policy)).rejects.toThrow(
    /000001\.parquet: not a readable rollouts file, .*; delete this file, and the same command samples it again$/,
  )
  rmSync(path)
  await store(directory, policy)
  expect(contentsOf(directory)).toEqual(contentsOf(join(folder, 'whole')))
})

test('what is stored is what an evaluation finds, and every answer with its verdict', async () => {
  const policy = await newTrainer().policy()
  const found = await evaluate(await options(policy))
  expect(readEvaluation(join(folder, 'whole'))).toEqual({ request, evaluation: found })
  const rows = await readRollouts(join(folder, 'whole', 'samples.parquet'))
  expect(rows).toHaveLength(40)
  expect(rows[5]).toMatchObject({ problem: 'double/1', question: '1', gold: '2', group: 1, index: 1, kind: 'rollout' })
  const right = problems.size > 0 ? rows.filter(({ reward }) => reward === 1).length : 0
  expect(right).toBe(found.right.reduce((sum, count) => sum + count, 0))
})

test('a folder that holds another evaluation, or something else, is refused', async () => {
  const directory = join(folder, 'whole')
  await openEvaluation(directory, { ...request, package: 'tapo@9.9.9' })
  const other = { ...request, settings: { temperature: 0.7, samples: 4 } }
  await expect(openEvaluation(directory, other)).rejects.toThrow(
    'holds an evaluation with another settings.temperature (1, now 0.7); choose another folder (--out)',
  )
  await expect(openEvaluation(folder, request)).rejects.toThrow('holds something else than an evaluation')
})
