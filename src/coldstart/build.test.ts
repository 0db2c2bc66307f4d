import { appendFileSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { correction, diagnosis, model, reply, right, task, tokenizer, wrong } from '../methods/fixtures/sums.ts'
import { seedOf } from '../random.ts'
import { ledgerRows } from '../store/ledger.ts'
import type { Judge } from '../types.ts'
import { attemptsRows, attemptsSchema, groupOf } from './attempts.ts'
import type { BuildParts } from './build.ts'
import { refusalsIn, rowsToLearn, writeCorrections, type WritingOptions } from './build.ts'
import { jobOf } from './corrections.ts'
import { answered, asked, judging } from './fixtures/answered.ts'
import { rowsOfProblem } from './mixture.ts'
import { selfWriter, taskWriter, type Writer } from './writers.ts'

const corrected = `2 plus 5 is 8.${diagnosis}${correction}`

/** Can judge nothing. */
const doubting: Judge = { ...task, verify: (_, text) => ({ reward: 0, answer: text, undecided: true }) }

async function write(parts: BuildParts, writer: Writer, more: Partial<WritingOptions> = {}): Promise<string> {
  await writeCorrections(parts, { asked, tries: 4, writer: () => writer, ...more })
  return readFileSync(parts.corrections, 'utf8')
}

/** The model by the synthesis prompt; `replies` stand beside the attempts. */
async function self(attempts: readonly string[], replies: readonly string[], batch = 2, judges = judging): Promise<Writer> {
  const policy = await model({ attempts, replies }).policy()
  return selfWriter(judges, { policy, batch, contextLength: 100_000, reply: { temperature: 1, lengthFactor: 5 } })
}

test('the task corrects one wrong answer of each problem, and there are rows of every kind with where they come from', async () => {
  const parts = await answered(2)
  await write(parts, taskWriter(judging))
  const rows = rowsToLearn(parts, 'task')
  expect(rows.map(({ id }) => id.replace(/[13]$/, '#'))).toEqual([
    'sums/0 solution 0',
    'sums/0 correction #',
    'sums/0 reflection #',
    'sums/1 solution 0',
    'sums/1 correction #',
    'sums/1 reflection #',
  ])
  const [solution, plain, whole] = rows
  expect(solution).toMatchObject({ format: 'sft', prompt: '2 plus 5?', completion: right, source: '', writer: 'model', checks: ['right'] })
  expect(plain).toMatchObject({ format: 'sft', prompt: '2 plus 5?', completion: corrected, prefix: '2 plus 5 is 8.', source: wrong })
  expect(plain).toMatchObject({ writer: 'task', checks: ['prefix', 'right'] })
  expect(whole).toMatchObject({ format: 'ift', prompt: task.askForReflection(parts.problems.at(0), wrong, right), source: wrong })
  expect(whole!.completion).toBe(`<analysis> 8 is wrong. </analysis> <reconstruction> ${corrected} </reconstruction>`)
})

test('the model itself corrects; what does not parse, keeps no beginning or comes out wrong is refused, and the next wrong answer is tried', async () => {
  const attempts = [right, wrong, '9 is it']
  const parts = await answered(3, attempts)
  await write(parts, await self(attempts, ['', reply(' Wait, no. It is 7.'), 'what?']))
  const rows = rowsToLearn(parts, 'self')
  expect(rows.filter(({ kind }) => kind === 'correction').map(({ completion }) => completion)).toEqual(
    Array<string>(3).fill('2 plus 5 is 8. Wait, no. It is 7.'),
  )
  expect(rows.find(({ kind }) => kind === 'reflection')).toMatchObject({ writer: 'self', checks: ['parsed', 'prefix', 'right'] })
  const refused = refusalsIn(parts.corrections)
  expect([...refused.keys()].every((reason) => reason === 'no-tags')).toBe(true)

  const others = await answered(1, [right, wrong])
  await write(others, await self([right, wrong], ['', reply(' Wait, no. It is 6.')]))
  expect(Object.fromEntries(refusalsIn(others.corrections))).toEqual({ wrong: 1 })
  expect(rowsToLearn(others, 'self').map(({ kind }) => kind)).toEqual(['solution'])
  const doubtful = await answered(1, [right, wrong])
  await write(doubtful, await self([right, wrong], ['', reply(' Wait, no. It is 6.')], 2, { ...judging, task: doubting }))
  expect(Object.fromEntries(refusalsIn(doubtful.corrections))).toEqual({ undecided: 1 })
  const strangers = await answered(1, [right, wrong])
  await write(strangers, await self([right, wrong], ['', '<reconstruction> It is 7. </reconstruction>']))
  expect(Object.fromEntries(refusalsIn(strangers.corrections))).toEqual({ 'not-verbatim': 1 })
})

test('an answer that could not be judged is kept as such, and is neither a solution nor to be corrected', async () => {
  const { attempts, problems } = await answered(1, [right, wrong])
  const [group] = [...ledgerRows(attempts, attemptsSchema)].map(({ row }) =>
    groupOf(row, { problems, task: doubting, tokenizer, place: 'x' }),
  )
  const [row] = attemptsRows([group!], 0)
  expect(row?.attempts.map(({ reward, undecided }) => [reward, undecided])).toEqual([
    [0, true],
    [0, true],
  ])
  expect(attemptsSchema.parse(JSON.parse(JSON.stringify(row)))).toEqual(row)
  expect([rowsOfProblem(group!, undefined, { task, writer: 'self', seed: seedOf(1) }), jobOf(group!, 0, 0, seedOf(1))]).toEqual([
    [],
    undefined,
  ])
})

test('interrupted and gone on with, torn line and all, the corrections have the same bytes, and nothing is written twice', async () => {
  const attempts = [right, wrong, '9 is it']
  const replies = ['', reply(' Wait, no. It is 7.'), 'what?']
  const whole = await write(await answered(5, attempts), await self(attempts, replies))
  const parts = await answered(5, attempts)
  const controller = new AbortController()
  await write(parts, await self(attempts, replies, 3), { signal: controller.signal, onOutcome: () => controller.abort() })
  expect(readFileSync(parts.corrections, 'utf8').split('\n')).toHaveLength(1 + 3 + 1)
  appendFileSync(parts.corrections, '{"index":3,')
  let tries = 0
  const again = await write(parts, await self(attempts, replies), { onOutcome: () => void tries++ })
  expect(again).toBe(whole)
  expect(tries).toBe(whole.split('\n').length - 2 - 3)
  await write(parts, () => Promise.reject(new Error('nobody is asked')), { writer: () => failing })
})

/** Fails when it is given a job. */
const failing: Writer = (jobs) => {
  for (const { index } of jobs) throw new Error(`problem ${index} is asked for again`)
  return Promise.resolve()
}

test('a problem without a right solution to guide the writer is refused, and answers of another task are not built from', async () => {
  const parts = await answered(1, [wrong])
  const unsolved = { size: 1, at: () => ({ id: 'sums/0', question: '2 plus 5?', answer: '7' }) }
  await write({ ...parts, problems: unsolved }, await self([wrong], [reply(' Wait, no. It is 7.')]))
  expect(Object.fromEntries(refusalsIn(parts.corrections))).toEqual({ 'no-reference': 1 })
  expect(() => rowsToLearn({ ...parts, problems: { size: 0, at: () => unsolved.at() } }, 'self')).toThrow(
    `${parts.attempts}:2: problem sums/0 is not problem 0 of this task`,
  )
  expect(tokenizer.decode(tokenizer.encode(wrong))).toBe(wrong)
})
