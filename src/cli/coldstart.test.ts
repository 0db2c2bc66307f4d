/** The cold start and the filter as a person types them, on a real model folder with random weights. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import type { MixtureRow } from '../coldstart/mixture.ts'
import type { Verdict } from '../coldstart/verdict.ts'
import { compiledProgram, type Outcome } from './fixtures/program.ts'

vi.setConfig({ testTimeout: 300_000 }) // many processes, on a machine that may be busy

const { folder, model, tapo, train, dispose } = await compiledProgram()
afterAll(() => dispose())

const small = ['--model', model, '--set', 'rollout.maxTokens=8']
const row: MixtureRow = {
  id: 'mini/train/0 correction 0',
  kind: 'correction',
  format: 'sft',
  problem: 'mini/train/0',
  prompt: 'gems is 2 . gems ?',
  completion: 'gems 3 . wait , gems is not 3 . gems 2 . answer 2 .',
  prefix: 'gems 3 .',
  source: 'gems 3 . answer 3 .',
  attempt: 0,
  writer: 'task',
  checks: ['prefix', 'right'],
}

test('answers are collected, and a mixture of too few rows is not built', () => {
  const collect = (...words: readonly string[]): Outcome =>
    tapo('coldstart', 'collect', 'quick-coldstart', ...small, '--set', 'rollout.groupSize=2', ...words)
  const path = join('runs', 'quick-coldstart-data', 'attempts.jsonl')
  expect(tapo('coldstart', 'build', 'quick-coldstart', ...small)).toMatchObject({ code: 2, err: `tapo: ${path}: no such file\n` })
  expect(JSON.parse(collect('--problems', '3', '--json').out)).toMatchObject({ path, problems: 3, answers: 6 })
  expect(readFileSync(join(folder, path), 'utf8').split('\n')).toHaveLength(1 + 3 + 1)
  const built = tapo('coldstart', 'build', 'quick-coldstart', ...small, '--set', 'rollout.groupSize=2', '--shares', 'correction=1')
  expect(built).toMatchObject({ code: 1, err: expect.stringContaining('the mixture: no row of kind correction is there') as string })
  expect(existsSync(join(folder, 'runs', 'quick-coldstart-data', 'mixture.jsonl'))).toBe(false)
  expect(tapo('coldstart', 'build', 'quick-coldstart', '--shares', 'lesson=1')).toMatchObject({ code: 2 })
  expect(tapo('coldstart', 'build', 'quick-coldstart', ...small, '--writer', 'endpoint').err).toContain(
    'name the server with --endpoint URL',
  )
})

test('rows are fitted, the verdict is printed and kept, and a run that is done gives the same again', () => {
  mkdirSync(join(folder, 'runs', 'quick-coldstart-data'), { recursive: true })
  const rows = join(folder, 'runs', 'quick-coldstart-data', 'mixture.jsonl')
  writeFileSync(rows, `${JSON.stringify(row)}\n`)
  const sizes = ['--steps', '2', '--set', 'rollout.problems=2', '--set', 'evaluation={problems: 2, samples: 2, everySteps: 2}']
  const fit = (...words: readonly string[]): Outcome => tapo('coldstart', 'train', 'quick-coldstart', ...small, ...sizes, ...words)
  const { code, out } = fit()
  expect([code, out.includes('cold start is not ready')]).toEqual([0, true])
  expect(out).toContain('no problem was right often enough and wrong often enough')
  const path = join(folder, 'runs', 'quick-coldstart', 'verdict.json')
  const kept = readFileSync(path, 'utf8')
  expect(JSON.parse(kept) as Verdict).toMatchObject({ passes: false, measured: { problems: 2, constructions: { tried: 0 } } })
  rmSync(path)
  const again = fit('--resume', '--json')
  expect(JSON.parse(again.out)).toEqual(JSON.parse(kept))
  expect(readFileSync(path, 'utf8')).toBe(kept)
  expect(tapo('eval', join('runs', 'quick-coldstart')).code).toBe(0)
  warnsOfStart(path, JSON.parse(kept) as Verdict)

  appendFileSync(rows, `${JSON.stringify({ ...row, id: 'other', source: 'gems 2 .' })}\n`)
  const refused = fit('--out', 'refused')
  expect([refused.code, refused.err]).toEqual([
    1,
    `tapo: ${join('runs', 'quick-coldstart-data', 'mixture.jsonl')}:2: prefix: is not in its source, "gems 3 ." does not begin "gems 2 ."; build the row anew, or take it out\n`,
  ])
})

/** What `tapo train` says of the fitted run as a start. */
function warnsOfStart(path: string, verdict: Verdict): void {
  const start = join('runs', 'quick-coldstart')
  const begin = (...words: readonly string[]): Outcome => train('--model', start, '--out', 'onward', ...words)
  const warning = `warning: ${start} is a cold start that is not ready`
  const text = begin().out
  expect([text.indexOf(warning) > 0, text.indexOf(warning) < text.indexOf('step 1/2')]).toEqual([true, true])
  expect(text).toContain('no  corrections that nothing refuses    nothing to measure')
  expect(text).toContain('choose problems with tapo filter')
  expect(begin('--resume').out).not.toContain('warning')
  const dry = begin('--dry-run', '--json', '--out', 'elsewhere')
  expect([dry.code, dry.err.startsWith(warning), dry.out.startsWith('{')]).toEqual([0, true, true])
  expect(begin('--dry-run', '--out', 'elsewhere', '--set', 'method={kind: grpo}').err).toBe('')
  writeFileSync(path, JSON.stringify({ ...verdict, passes: true }))
  expect(begin('--dry-run', '--out', 'elsewhere').err).toBe('')
  writeFileSync(path, '{}')
  expect(begin('--dry-run', '--out', 'elsewhere').err).toContain(`${join(start, 'verdict.json')}: not a verdict`)
  writeFileSync(path, JSON.stringify(verdict))
}

test('problems are filtered by accuracy, and training on none is told', () => {
  const filtered = tapo('filter', 'quick', ...small, '--problems', '3', '--samples', '2', '--json')
  const kept = join('runs', 'quick-filter', 'kept.jsonl')
  expect(JSON.parse(filtered.out)).toEqual({ path: kept, kept: 0, tooHard: 3, tooEasy: 0, undecided: 0 })
  expect(tapo('train', 'quick', '--model', model, '--set', `rollout.only=${kept}`).err).toBe(
    `tapo: ${kept}: names no problem; filter with wider bounds\n`,
  )
  expect(JSON.parse(tapo('filter', 'quick', ...small, '--problems', '3', '--samples', '2', '--least', '0', '--json').out)).toMatchObject({
    kept: 3,
  })
})
