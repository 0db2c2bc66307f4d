import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type AttemptsRow, attemptsRows, attemptsSchema, groupOf } from '../coldstart/attempts.ts'
import { type Config } from '../config/config.ts'
import { parseConfig } from '../config/parse.ts'
import { localEngine } from '../engine/local/local-engine.ts'
import { ledgerRows } from '../store/ledger.ts'
import { tinyModel } from './fixtures/tiny-model.ts'
import { prepare, type Prepared } from './prepare.ts'
import { sampleInto } from './sampled.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapo-collect-'))
const model = await tinyModel(folder)
const config = parseConfig({ model: { path: model }, rollout: { problems: 2, groupSize: 3, maxTokens: 8 } })
const prepared = await preparedFor(config)

/** The tiny task is quick to hash. */
async function preparedFor(settings: Config): Promise<Prepared> {
  const { task, ...others } = await prepare(settings)
  return { ...others, task: { ...task, problems: (split) => ({ ...task.problems(split), size: 9 }) } }
}

async function collect(name: string, problems: number, { from = prepared, batches = Infinity } = {}): Promise<string> {
  const path = join(folder, name, 'attempts.jsonl')
  const controller = new AbortController()
  const startEngine = (): ReturnType<typeof localEngine> => localEngine({ model, threads: 1 })
  let batch = 0
  for await (const { total } of sampleInto<AttemptsRow>(from, {
    path,
    kind: 'attempts',
    problems,
    rowsOf: attemptsRows,
    signal: controller.signal,
    startEngine,
  }))
    if (batch++ === batches && total > 0) controller.abort()
  return path
}

test('interrupted anywhere, with other batches and in several sessions, a collection has the same bytes', async () => {
  const whole = readFileSync(await collect('whole', 7), 'utf8')
  expect(whole.split('\n')).toHaveLength(1 + 7 + 1)
  const stopped = await collect('parts', 7, { batches: 1 })
  expect(readFileSync(stopped, 'utf8').split('\n')).toHaveLength(1 + 2 + 1)
  appendFileSync(stopped, '{"index":2,"prob') // as a kill leaves it
  const larger = await preparedFor({ ...config, rollout: { ...config.rollout, problems: 3 } })
  await collect('parts', 4, { from: larger })
  await collect('parts', 7)
  expect(readFileSync(stopped, 'utf8')).toBe(whole)
})

test('what is done is not answered again, and what was asked otherwise is not gone on with', async () => {
  const path = await collect('done', 2)
  const before = readFileSync(path)
  await collect('done', 1)
  expect(readFileSync(path).equals(before)).toBe(true)
  const hotter = await preparedFor({ ...config, rollout: { ...config.rollout, temperature: 2 } })
  await expect(collect('done', 2, { from: hotter })).rejects.toThrow('begun with another config rollout.temperature (1, now 2)')
})

test('a row is the group again that it was made of', async () => {
  const path = await collect('revived', 2)
  const { task, tokenizer } = prepared
  const problems = task.problems('train')
  const rows = [...ledgerRows(path, attemptsSchema)]
  const groups = rows.map(({ row, place }) => groupOf(row, { problems, task, tokenizer, place }))
  expect(attemptsRows(groups, 0)).toEqual(rows.map(({ row }) => row))
  expect(groups[1]!.problem).toEqual(problems.at(1))
  const [{ row, place }] = rows as [{ row: AttemptsRow; place: string }]
  expect(() => groupOf({ ...row, index: 1 }, { problems, task, tokenizer, place })).toThrow(
    `${path}:2: problem mini/train/0 is not problem 1 of this task`,
  )
  const [attempt, ...others] = row.attempts
  const respelt = { ...row, attempts: [{ ...attempt!, text: 'gems' }, ...others] }
  expect(() => groupOf(respelt, { problems, task, tokenizer, place })).toThrow('attempt 0: its tokens do not spell its text')
})

test('nothing can be collected where nothing is attempted', async () => {
  const none = await preparedFor(
    parseConfig({
      ...config,
      method: { kind: 'sft', corrections: false, reflections: false },
      rollout: { ...config.rollout, groupSize: 0 },
    } as never),
  )
  await expect(collect('none', 2, { from: none })).rejects.toThrow('rollout.groupSize: 0 attempts; say how many')
})
