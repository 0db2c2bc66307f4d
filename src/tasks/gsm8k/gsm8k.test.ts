import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Problem } from '../../types.ts'
import type { Split, Task } from '../task.ts'
import { gsm8kTask } from './gsm8k.ts'

const data = join(import.meta.dirname, 'fixtures') // 17 rows of train.jsonl, 3 of test.jsonl
const task = await gsm8kTask({ data, developmentShare: 0.3 })
const idsOf = (from: Task, split: Split): string[] => {
  const set = from.problems(split)
  return Array.from({ length: set.size }, (_, i) => set.at(i).id)
}
const all = (['train', 'development', 'test'] as const).flatMap((split) => {
  const set = task.problems(split)
  return Array.from({ length: set.size }, (_, i) => set.at(i))
})
const problem = (id: string): Problem => all.find((each) => each.id === id) as Problem
const natalia = problem('gsm8k/train/1')

/** A folder with these files. */
function folder(files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), 'tapo-gsm8k-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  return path
}

test('a row is a problem whose solution has no marks and ends in the answer format', () => {
  expect(natalia).toEqual({
    id: 'gsm8k/train/1',
    question:
      'Natalia sold clips to 48 of her friends in April, and then she sold half as many clips in May. How many clips did Natalia sell altogether in April and May?',
    answer: '72',
    solution: 'Natalia sold 48/2 = 24 clips in May.\nNatalia sold 48+24 = 72 clips altogether in April and May.\n#### 72',
  })
  for (const each of all) expect(task.verify(each, each.solution ?? '').reward).toBe(1)
})

test('asking tells the answer format', () => {
  expect(task.ask(natalia)).toContain(natalia.question)
  expect(task.ask(natalia)).toContain('#### 72')
  const reflection = task.askForReflection(natalia, 'ATTEMPT', 'REFERENCE')
  for (const part of [natalia.question, 'ATTEMPT', 'REFERENCE', '<reconstruction>', '####']) expect(reflection).toContain(part)
})

test('the splits share no problem, and hold all', () => {
  const [train, development, tests] = (['train', 'development', 'test'] as const).map((split) => idsOf(task, split))
  expect(tests).toEqual(['gsm8k/test/1', 'gsm8k/test/2', 'gsm8k/test/3'])
  expect(new Set([...(train ?? []), ...(development ?? [])]).size).toBe(17)
  expect(train?.length).toBeGreaterThan(0)
  expect(development?.length).toBeGreaterThan(0)
})

test('problems that the model cannot take in are named, those of the split that is asked', async () => {
  const misfit = (message: string): string | undefined => (message.includes(natalia.question) ? 'a prompt of 9 tokens' : undefined)
  const short = await gsm8kTask({ data, developmentShare: 0.3 }, { learnt: misfit })
  expect(idsOf(short, 'development')).toEqual(idsOf(task, 'development'))
  const size = task.problems('train').size
  expect(() => short.problems('train')).toThrow(
    `problem gsm8k/train/1: a prompt of 9 tokens\n1 of ${size} problems are too long for the model; lower rollout.maxTokens, or leave them out`,
  )
})

test('a problem stays in its split when others are left out', async () => {
  const small = await gsm8kTask({ data, developmentShare: 0.3, maxCalculations: 3 })
  expect(idsOf(small, 'train')).toEqual(idsOf(task, 'train').filter((id) => idsOf(small, 'train').includes(id)))
})

test('subsets are by calculations and by the largest number of the gold solution', async () => {
  const easy = await gsm8kTask({ data, developmentShare: 0.3, maxCalculations: 2, maxNumber: 99 })
  expect(idsOf(easy, 'test')).toEqual(['gsm8k/test/1', 'gsm8k/test/2'])
  expect(idsOf(easy, 'train')).toEqual(['gsm8k/train/1', 'gsm8k/train/2'])
})

test('a subset without problems is refused', async () => {
  const none = await gsm8kTask({ data, maxCalculations: 2, maxNumber: 1 })
  expect(() => none.problems('train')).toThrow(`${data}: no train problem is left by maxCalculations 2, maxNumber 1, developmentShare 0.1`)
})

test('what is wrong with a file is told with its line', async () => {
  const row = JSON.stringify({ question: 'How many?', answer: 'One.\n#### 1' })
  const cases: readonly (readonly [string, RegExp])[] = [
    [`${row}\n{"question": "How many?"}\n`, /train\.jsonl:2: field answer is missing$/],
    [`${row}\n\n{"answer": "#### 1"}\n`, /train\.jsonl:3: field question is missing$/],
    ['{"question": 5, "answer": "#### 1"}', /train\.jsonl:1: field question is not a text, "5"$/],
    [`${row}\n{"question": `, /train\.jsonl:2: not JSON, /],
    ['[]', /train\.jsonl:1: not an object, "\[\]"$/],
    ['{"question": "How many?", "answer": "Some."}', /train\.jsonl:1: answer does not end in one number behind ####, "Some\."$/],
    ['\n', /train\.jsonl: holds no rows$/],
  ]
  for (const [text, message] of cases) {
    await expect(gsm8kTask({ data: folder({ 'train.jsonl': text, 'test.jsonl': row }) })).rejects.toThrow(message)
  }
  await expect(gsm8kTask({ data: folder({ 'train.jsonl': row }) })).rejects.toThrow(/test\.jsonl: cannot be read; give the folder/)
})

const real = process.env['TAPO_GSM8K']

test.skipIf(real === undefined)('the whole dataset is read (set TAPO_GSM8K to its folder to run this)', async () => {
  const whole = await gsm8kTask({ data: real as string, maxCalculations: 2, maxNumber: 99 })
  const sizes = (['train', 'development', 'test'] as const).map((split) => whole.problems(split).size)
  expect(sizes).toEqual([1232, 142, 237])
  const every = await gsm8kTask({ data: real as string })
  expect(every.problems('train').size + every.problems('development').size).toBe(7473)
  const set = every.problems('test')
  expect(set.size).toBe(1319)
  for (let i = 0; i < set.size; i++) expect(every.verify(set.at(i), set.at(i).solution ?? '').reward).toBe(1)
})
