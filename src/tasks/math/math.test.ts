import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DataError, UsageError } from '../../errors.ts'
import type { Problem, Verdict } from '../../types.ts'
import type { ProblemSet } from '../task.ts'
import { mathTask } from './math.ts'
import { isSameAnswer } from './verdict.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapo-math-'))
const file = (name: string, rows: readonly object[]): string => {
  const path = join(folder, name)
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return path
}
const sums = (count: number, from: number = 0): object[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `sum-${from + i}`,
    problem: `${from + i} + 1?`,
    answer: String(from + i + 1),
    solution: 'One more.',
  }))
const all = (set: ProblemSet): Problem[] => Array.from({ length: set.size }, (_, i) => set.at(i))
const ids = (set: ProblemSet): string[] => all(set).map(({ id }) => id)

const data = file('sums.jsonl', sums(200))
const evaluation = [`aime-2024=${file('a.jsonl', sums(3))}`, file('b.jsonl', sums(2, 7))]

test('train and development are all of the data and share nothing, whatever else the file holds', async () => {
  const task = await mathTask({ data, developmentShare: 0.2 })
  const [train, development] = [ids(task.problems('train')), ids(task.problems('development'))]
  expect(new Set([...train, ...development]).size).toBe(200)
  expect(development.length).toBeGreaterThan(20)
  expect(development.length).toBeLessThan(60)
  const longer = await mathTask({ data: `sums=${file('longer.jsonl', sums(230, -30))}`, developmentShare: 0.2 })
  expect(
    ids(longer.problems('development'))
      .filter((id) => !/-\d*-/.test(id))
      .filter((id) => Number(id.slice(9)) >= 0),
  ).toEqual(development)
})

test('sets to evaluate on follow each other and are told apart', async () => {
  const task = await mathTask({ data, evaluation, developmentShare: 0 })
  const set = task.problems('test')
  expect(ids(set)).toEqual(['aime-2024/sum-0', 'aime-2024/sum-1', 'aime-2024/sum-2', 'b/sum-7', 'b/sum-8'])
  expect(set.parts).toEqual([
    { name: 'aime-2024', size: 3 },
    { name: 'b', size: 2 },
  ])
  expect(ids(task.problems('development'))).toEqual(ids(set))
  expect(task.problems('train').size).toBe(200)
  expect(task.sources?.map(({ use, rows, leftOut }) => [use, rows, leftOut])).toEqual([
    ['data', 200, 0],
    ['evaluation', 3, 0],
    ['evaluation', 2, 0],
  ])
})

test('fields that are named are those of every file, but a set that is known keeps its own', async () => {
  const q = file('q.jsonl', [{ q: '1?', target: 1, answer: 'no' }])
  const fields = { problem: 'q', answer: 'target', solution: '', id: '' }
  const known = file('known.jsonl', [{ problem: '2?', answer: 2, target: 'no' }])
  const alone = await mathTask({ evaluation: [q, `math-500=${known}`, `aime-2024=${q}`], fields })
  expect(all(alone.problems('test')).map(({ question, answer }) => [question, answer])).toEqual([
    ['1?', '1'],
    ['2?', '2'],
    ['1?', 'no'],
  ])
  await expect(mathTask({ evaluation: [evaluation[1] ?? ''], fields })).rejects.toThrow('field q is missing, it has id, problem')
  const beside = await mathTask({ data: q, evaluation: [q, evaluation[1] ?? ''], fields, developmentShare: 0 })
  expect(all(beside.problems('test')).map(({ answer }) => answer)).toEqual(['1', '8', '9'])
})

test('a problem is asked for a boxed answer and judged by it', async () => {
  const task = await mathTask({ data })
  const problem = { id: 'a', question: '3 + 1?', answer: '4' }
  expect(task.ask(problem)).toBe('3 + 1?\n\nSolve this step by step. Put the final answer within \\boxed{}, like this: \\boxed{72}')
  expect(task.verify(problem, 'So it is \\boxed{4}.').reward).toBe(1)
  expect(task.verify(problem, 'So it is \\boxed{5}.').reward).toBe(0)
  expect(task.askForReflection(problem, 'ATTEMPT', 'REFERENCE')).toContain('\\boxed{72}')
})

test('a row that cannot be used is named before anything starts, or left out and counted', async () => {
  const rows = [...sums(2), { problem: 'Why?', answer: 'because of \\\\(' }, { problem: 'Who?' }, ...sums(20, 50)]
  const bad = file('bad.jsonl', rows)
  await expect(mathTask({ data: bad })).rejects.toThrow(
    `${bad}:3: the verifier cannot read its answer, "because of \\\\\\\\("\n${bad}:4: field answer or final_answer is missing, it has problem\n2 of 24 rows are bad; \`tapo data check --json\` names them all, task.badRows=skip leaves them out`,
  )
  const task = await mathTask({ data: bad, badRows: 'skip', developmentShare: 0.5 })
  expect(task.sources?.[0]).toMatchObject({ rows: 22, leftOut: 2 })
  const many = file(
    'many.jsonl',
    Array.from({ length: 9 }, () => ({ problem: 'Who?' })),
  )
  await expect(mathTask({ data: many })).rejects.toThrow(/many\.jsonl:5: .*\nand 4 more\n9 of 9 rows are bad/)
})

test('what is not there is asked for by its name', async () => {
  const nothing = await mathTask({})
  expect(() => nothing.problems('train')).toThrow('task.data: names no data set to learn from; give one with --data')
  expect(() => nothing.problems('test')).toThrow('task.evaluation: names no data set to evaluate on')
  const whole = await mathTask({ data, developmentShare: 1 })
  expect(() => whole.problems('train')).toThrow(`${data}: no train problem is left by developmentShare 1`)
  await expect(mathTask({ data: 'nowhere.jsonl' })).rejects.toThrow('nowhere.jsonl: no such file or folder')
})

test('a row that the model cannot take in is a bad one, to learn from and to evaluate on', async () => {
  const long = { id: 'LONG', problem: '1 + 1 + 1?', answer: 3 }
  const mixed = file('long.jsonl', [...sums(2), long, ...sums(20, 50)])
  const misfit = (message: string): string | undefined => (message.includes('1 + 1 + 1') ? 'a prompt of 9 tokens' : undefined)
  const advice = 'task.badRows=skip leaves them out, a smaller rollout.maxTokens makes room where the prompt alone fits'
  const said = `${mixed}:3: problem long/LONG, a prompt of 9 tokens\n1 of 23 rows are bad, 1 of them too long for the model; ${advice}`
  await expect(mathTask({ data: mixed }, { learnt: misfit })).rejects.toThrow(new DataError(said))
  await expect(mathTask({ evaluation: [mixed] }, { asked: misfit })).rejects.toThrow(new DataError(said))
  expect((await mathTask({ data: mixed, developmentShare: 0 }, { asked: misfit })).problems('train').size).toBe(23)
  const task = await mathTask({ data: mixed, evaluation: [mixed], badRows: 'skip', developmentShare: 0 }, { learnt: misfit, asked: misfit })
  expect([task.problems('train').size, task.problems('test').size]).toEqual([22, 22])
  expect(task.sources?.map(({ leftOut }) => leftOut)).toEqual([1, 1])
})

test('a file without rows, to learn from or to evaluate on, is named', async () => {
  const empty = file('empty.jsonl', [])
  const useless = file('useless.jsonl', [{ problem: 'Who?' }, { problem: 'Why?' }])
  const advice = 'name a file that has problems'
  await expect(mathTask({ data: empty })).rejects.toThrow(new DataError(`${empty}: holds no row; ${advice}`))
  await expect(mathTask({ data, evaluation: [...evaluation, empty] })).rejects.toThrow(new DataError(`${empty}: holds no row; ${advice}`))
  await expect(mathTask({ data: useless, badRows: 'skip' })).rejects.toThrow(
    `${useless}: holds no row that can be used, 2 are bad; ${advice}`,
  )
})

test('two sets to evaluate on that have one name are refused', async () => {
  const [first, second] = [file('one.jsonl', sums(2)), file('two.jsonl', sums(2))]
  await expect(mathTask({ evaluation: [`mine=${first}`, `mine=${second}`] })).rejects.toThrow(
    new UsageError(`task.evaluation: ${first} and ${second} are both called mine; give one another name, like mine-2=${second}`),
  )
  await expect(mathTask({ evaluation: [first, first] })).rejects.toThrow(
    new UsageError(`task.evaluation: ${first} is named twice; leave one out, or give one another name, like one-2=${first}`),
  )
  const both = await mathTask({ evaluation: [first, `one-2=${first}`] })
  expect(ids(both.problems('test'))).toEqual(['one/sum-0', 'one/sum-1', 'one-2/sum-0', 'one-2/sum-1'])
})

test('how strict verdicts are, and what an undecided one is worth, are settings', async () => {
  const verdict = async (options: object, answer: string, given: string): Promise<Verdict> =>
    (await mathTask({ data, ...options })).verify({ id: '', question: '', answer }, `\\boxed{${given}}`)
  const rewards = async (strictness: string): Promise<number[]> =>
    Promise.all(['0.33', '0.333', '0.333333'].map(async (given) => (await verdict({ strictness }, '\\frac13', given)).reward))
  expect(await rewards('strict')).toEqual([0, 0, 0])
  expect(await rewards('standard')).toEqual([0, 0, 1])
  expect(await rewards('lenient')).toEqual([0, 1, 1])
  expect(await verdict({}, 'x', '\\sqrt{x^2}')).toMatchObject({ reward: 0, undecided: true })
  expect(await verdict({ undecided: 'wrong' }, 'x', '\\sqrt{x^2}')).toEqual({ reward: 0, answer: '\\sqrt{x^2}' })
})

test('many verdicts at once are those of one after the other', async () => {
  const task = await mathTask({ data, strictness: 'strict' })
  const pairs = ['1', '1.0', 'x = 1', '2'].map((given) => [{ id: '', question: '', answer: '1' }, `\\boxed{${given}}`] as const)
  expect(await task.verifyMany?.(pairs)).toEqual(pairs.map(([problem, text]) => task.verify(problem, text)))
})

test('two gold answers are the same one however they are written', () => {
  const pairs = [
    ['1/2', '0.5'],
    ['x+1', '1+x'],
    ['It is \\boxed{3}', '3'],
    ['1', '2'],
  ] as const
  expect(pairs.map(([a, b]) => [isSameAnswer(a, b), isSameAnswer(b, a)])).toEqual([true, true, true, false].map((same) => [same, same]))
})
