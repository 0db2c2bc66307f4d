/** Data sets and evaluations, as a person types them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, expect, test, vi } from 'vitest'
import { type Evaluation, evaluationRecord } from '../evaluation/evaluate.ts'
import type { EvaluationEvent } from '../store/events.ts'
import { readRun } from '../store/reader.ts'
import { contentsOf } from '../store/fixtures/folders.ts'
import { compiledProgram } from './fixtures/program.ts'

vi.setConfig({ testTimeout: 600_000 }) // many processes, on a machine that may be busy

const { path, folder, model, environment, tapo, train, dispose } = await compiledProgram()
afterAll(() => dispose())

const rows = (count: number): string =>
  Array.from({ length: count }, (_, i) => `${JSON.stringify({ problem: `rings is ${i} . rings ?`, answer: i })}\n`).join('')
writeFileSync(join(folder, 'a.jsonl'), rows(3))
writeFileSync(join(folder, 'b.jsonl'), `${rows(2)}{"problem": "why ?"}\n`)

test('the score of a checkpoint is the one that was logged in training, to the last digit', () => {
  expect(train('--out', 'scored').code).toBe(0)
  const logged = readRun(join(folder, 'scored')).evaluations.at(-1) as EvaluationEvent
  const { out } = tapo('eval', 'scored', '--json')
  const { name, samples, problems, right, figures } = evaluationRecord(JSON.parse(out, (_, value: unknown) => value ?? NaN) as Evaluation)
  expect({ name, samples, problems, right, figures }).toEqual({
    name: logged.name,
    samples: logged.samples,
    problems: logged.problems,
    right: logged.right,
    figures: logged.figures,
  })
})

test('an evaluation stands in a folder, is not made twice, and is set against others', () => {
  const first = tapo('eval', 'scored', '--split', 'test', '--out', 'mine')
  expect([first.code, readdirSync(join(folder, 'mine')).includes('samples.parquet')]).toEqual([0, true])
  const written = contentsOf(join(folder, 'mine'))
  expect(tapo('eval', 'scored', '--split', 'test', '--out', 'mine').code).toBe(0)
  expect(contentsOf(join(folder, 'mine'))).toEqual(written)
  rmSync(join(folder, 'mine', 'evaluation.json'))
  expect(tapo('eval', 'scored', '--split', 'test', '--out', 'mine').code).toBe(0)
  expect(contentsOf(join(folder, 'mine'))).toEqual(written)
  const other = tapo('eval', 'scored', '--split', 'test', '--out', 'mine', '--temperature', '2')
  expect([other.code, other.err]).toEqual([2, expect.stringContaining('with another settings.sampling.temperature (1, now 2)') as string])
  expect(tapo('eval', 'scored', '--split', 'test', '--temperature', '2', '--out', 'hot').code).toBe(0)
  expect(tapo('compare', 'mine', 'hot').err).toContain('not comparable, they differ in rollout.temperature, 1, 2;')
  expect(
    tapo('eval', model, '--task', 'mini', '--split', 'test', '--problems', '3', '--samples', '2', '--max-tokens', '8', '--out', 'start')
      .code,
  ).toBe(0)
  expect(tapo('compare', 'start', 'mine').out).toMatch(/^mini\/test {2}3 problems x 2, .*\nstart .*\nmine, step 2 /)
})

test('Ctrl-C leaves an evaluation with what was answered, and says that the same command goes on', async () => {
  const words = ['eval', model, '--task', 'mini', '--problems', '1000', '--samples', '100', '--max-tokens', '400', '--out', 'left'] // minutes of it
  const child = spawn(process.execPath, [path, ...words], { cwd: folder, env: environment })
  const ended = once(child, 'close')
  let err = ''
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const answers = join(folder, 'left', 'answers', 'call-0')
  while (!existsSync(answers) && child.exitCode === null) await setTimeout(100)
  child.kill('SIGINT')
  expect(await ended).toEqual([130, null])
  expect(err).toMatch(/^stopped with [1-9]\d* of 1000 problems answered; the same command goes on\n$/)
  expect(readdirSync(answers).every((name) => name.endsWith('.parquet'))).toBe(true)
})

test('data sets are evaluated on together and apart', () => {
  const words = ['--task', 'aime-2024=a.jsonl', '--task', 'b.jsonl', '--max-tokens', '4']
  const bad = tapo('eval', model, ...words)
  expect([bad.code, bad.err]).toEqual([
    1,
    'tapo: b.jsonl:3: field answer or final_answer is missing, it has problem\n1 of 6 rows are bad; `tapo data check --json` names them all, task.badRows=skip leaves them out\n',
  ])
  const { code, out } = tapo('eval', model, ...words, '--set', 'task.badRows=skip')
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(/^math\/test {2}5 problems x 16 .*evaluations\/model-math-test\n[^]*\naime-2024 +3 .*\nb +2 /) as string,
  ])
  const { request } = JSON.parse(readFileSync(join(folder, 'evaluations/model-math-test/evaluation.json'), 'utf8')) as {
    request: { sources: { rows: number; leftOut: number }[]; prompt: { text: string } }
  }
  expect(request.sources.map(({ rows: good, leftOut }) => [good, leftOut])).toEqual([
    [3, 0],
    [2, 1],
  ])
  expect(request.prompt.text).toContain('rings is 0 . rings ?')
})

test('a data set is checked, and the exit code says whether it can be used', () => {
  const good = tapo('data', 'check', 'a.jsonl', '--against', 'b.jsonl', '--words', '3', '--model', model)
  expect(good.code).toBe(0)
  expect(good.out).toMatch(/\nrows {8}3 good, 0 of them with a solution\nbad {9}none\nduplicates {2}none\noverlap {5}2 rows share/)
  expect(good.out).toContain('\n  b.jsonl: 1 of 3 rows are bad and were not compared, b.jsonl:3: field answer or final_answer is missing')
  expect(good.out).toMatch(/\nprompts +[\d.]+ tokens in the mean, median \d+/)
  const bad = tapo('data', 'check', 'b.jsonl', '--json')
  const [report] = JSON.parse(bad.out) as [{ rows: number; bad: unknown[] }]
  expect([bad.code, report.rows, report.bad]).toEqual([
    1,
    2,
    [{ line: 3, place: 'b.jsonl:3', fact: 'field answer or final_answer is missing, it has problem' }],
  ])
  writeFileSync(join(folder, 'empty.jsonl'), '')
  const empty = tapo('data', 'check', 'empty.jsonl')
  expect([empty.code, empty.err, empty.out]).toEqual([1, '', expect.stringContaining('rows        none, the file holds no row') as string])
  expect(tapo('data', 'check', 'c.jsonl')).toMatchObject({
    code: 2,
    err: expect.stringContaining('c.jsonl: no such file or folder') as string,
  })
  writeFileSync(join(folder, 'again.jsonl'), rows(2).replace('"answer":1', '"answer":"2/2"'))
  const again = tapo('data', 'check', 'a.jsonl', 'again.jsonl')
  expect(again.out).toContain(
    'duplicates  2 rows ask what an earlier one asks, 0 of the problems with another answer\n' +
      '  line 1 and a.jsonl:1\n  line 2 and a.jsonl:2: answers 1 | 2/2, the same one written differently\n',
  )
  writeFileSync(join(folder, 'worked.jsonl'), '{"question": "one?", "answer": "One.\\n#### 1"}\n'.repeat(2) + '{}\n'.repeat(25))
  const worked = tapo('data', 'check', 'worked.jsonl').out
  expect(worked).toContain('\n  2 answers are worked solutions with the answer behind ####: gsm8k=worked.jsonl has them')
  expect(worked).toContain('\n  and 5 more; --json has all\n')
  expect(tapo('data', 'check', 'gsm8k=worked.jsonl').out).toContain('2 good, 2 of them with a solution\nbad ')
  expect(tapo('eval', model, '--task', 'mini', '--task', 'a.jsonl')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--task mini: its problems are generated, and cannot be combined with data sets') as string,
  })
  expect(tapo('data', 'check', 'a.jsonl', '--field', 'question').err).toContain('--field question: not NAME=FIELD')
})

test('a problem that is too long for the model is named before anything starts, or left out', () => {
  const long = { problem: 'gems '.repeat(600), answer: 1, id: 'LONG' }
  writeFileSync(join(folder, 'long.jsonl'), `${rows(20)}${JSON.stringify(long)}\n`)
  const task = ['--set', 'task={kind: math, data: long.jsonl, developmentShare: 0, evaluation: [a.jsonl]}', '--out', 'long']
  const said =
    /^tapo: long\.jsonl:21: problem long\/LONG, a prompt of 6\d\d tokens and an answer of up to 8 do not fit .*\n1 of 2[14] rows are bad, /
  for (const { code, err } of [
    train(...task),
    train(...task, '--dry-run'),
    tapo('eval', model, '--task', 'long.jsonl', '--max-tokens', '8'),
  ])
    expect([code, err]).toEqual([1, expect.stringMatching(said) as string])
  expect(existsSync(join(folder, 'long'))).toBe(false)
  expect(train(...task, '--set', 'task.badRows=skip').code).toBe(0)
  expect(readRun(join(folder, 'long')).started?.sources?.map(({ leftOut }) => leftOut)).toEqual([1, 0])
})

test('fields that are named are those of what is evaluated on too, and a set that nothing is read of is no all-clear', () => {
  writeFileSync(join(folder, 'named.jsonl'), rows(2).replaceAll('problem', 'q').replaceAll('answer', 'target'))
  const names = ['--field', 'problem=q', '--field', 'answer=target']
  const evaluated = tapo('eval', model, '--task', 'named.jsonl', ...names, '--max-tokens', '4', '--samples', '1')
  expect([evaluated.code, evaluated.out]).toEqual([0, expect.stringMatching(/^math\/test {2}2 problems x 1 /) as string])
  expect(tapo('eval', model, '--task', 'mini', ...names)).toMatchObject({
    code: 2,
    err: 'tapo: --field: says what the fields of data sets are called, and mini has none\n',
  })
  const itself = tapo('data', 'check', 'named.jsonl', ...names, '--words', '3', '--against', 'named.jsonl', '--against', 'a.jsonl')
  expect([itself.code, itself.out]).toEqual([0, expect.stringContaining('overlap     2 rows share') as string])
  expect(itself.out).toContain('named/1 has 100.0 % of the runs of named/1\n')
  writeFileSync(join(folder, 'other.jsonl'), rows(1).replaceAll('rings', 'gems'))
  const unread = tapo('data', 'check', 'a.jsonl', '--against', 'named.jsonl')
  expect([unread.code, unread.err]).toEqual([
    1,
    'tapo: --against named.jsonl: none of its 2 rows can be read, named.jsonl:1: field problem or question or prompt is missing, it has q, target; --field says what its fields are called\n',
  ])
  expect(tapo('data', 'check', 'other.jsonl', '--against', 'b.jsonl').out).toContain('none with the 2 problems to evaluate on')
})

test('a run on a data set alone ends well, and what is to try next asks one of its problems', () => {
  writeFileSync(join(folder, 'many.jsonl'), rows(20))
  const { code, out, err } = train('--out', 'alone', '--set', 'task={kind: math, data: many.jsonl, developmentShare: 0.5}')
  expect([code, err.includes('tapo:')]).toEqual([0, false])
  expect(`${out}${err}`).toMatch(/sample alone .*rings is \d+ \. rings \?/)
})

test('a run on a data set names its files by their sums, and is evaluated without naming them again', () => {
  const task = 'task={kind: math, data: a.jsonl, evaluation: [b.jsonl], developmentShare: 0, badRows: skip}'
  expect(train('--out', 'math', '--set', task).code).toBe(0)
  const { started } = readRun(join(folder, 'math'))
  expect(started?.sources?.map(({ use, given, sha256, rows: good }) => [use, given, sha256.length, good])).toEqual([
    ['data', 'a.jsonl', 64, 3],
    ['evaluation', 'b.jsonl', 64, 2],
  ])
  expect(tapo('eval', 'math', '--split', 'test', '--samples', '2').out).toMatch(/^math\/test {2}2 problems x 2 /)
  writeFileSync(join(folder, 'b.jsonl'), rows(2))
  const { code, err } = train('--out', 'math', '--set', task, '--resume')
  expect([code, err]).toEqual([2, expect.stringContaining('started with another the content of b.jsonl') as string])
})
