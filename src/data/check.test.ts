import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DataError } from '../errors.ts'
import { checkFiles } from './check.ts'
import { usualFields } from './fields.ts'
import { lengthsOf } from './lengths.ts'
import { overlapFinder } from './overlap.ts'
import { openRows, type Rows } from './rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapo-check-'))
const open = (name: string, rows: readonly object[]): Promise<Rows> => {
  const path = join(folder, `${name}.jsonl`)
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return openRows(path, { name, fields: usualFields, fault: ({ answer }) => (answer === '?' ? 'cannot be read' : undefined) })
}
const ask = (question: string): { id: string; question: string; answer: string } => ({ id: question, question, answer: '1' })

test('a report by hand', async () => {
  const learnt = await open('learnt', [
    { problem: 'What is one and one?', answer: 2, solution: 'two' },
    { problem: 'What is $x$ if $x = 3$ and so on to the end?', answer: '?' },
    { problem: 'what  is one\nand one?', answer: 3 },
    { problem: 'A farmer has two cows and a dog.', answer: 4 },
    {},
  ])
  const asked = await open('asked', [{ problem: 'Two cows and a dog are three what?', answer: 1 }, { question: 'Who?' }])
  const [report] = checkFiles([learnt], {
    asked: [asked],
    words: 4,
    promptLength: ({ question }) => question.length,
    textLength: (text) => text.length,
  })
  expect(report).toMatchObject({ name: 'learnt', rows: 3, badRows: 2, withSolution: 1 })
  expect(report?.bad.map(({ line, fact }) => [line, fact])).toEqual([
    [2, 'cannot be read'],
    [5, 'field problem or question or prompt is missing, it has '],
  ])
  expect(report?.duplicates).toEqual([{ lines: [1, 3], answers: ['2', '3'], isContradiction: true }])
  // Asked: two cows and a, cows and a dog, and a dog are, a dog are three, dog are three what. The first two are there.
  expect(report?.overlaps).toEqual([{ learnt: 'learnt/4', asked: 'asked/1', share: 0.4 }])
  const firstFault = `${asked.file.path}:2: field answer or final_answer is missing, it has question`
  expect(report?.against).toEqual([{ name: 'asked', path: asked.file.path, rows: 1, badRows: 1, firstFault }])
  expect(report?.promptTokens).toMatchObject({ count: 3, longest: 32 })
  expect(report?.solutionTokens).toEqual({ count: 1, mean: 3, median: 3, p95: 3, longest: 3, histogram: [{ from: 2, below: 4, count: 1 }] })
})

test('a problem that two files have is told of in the later one, with both places', async () => {
  const first = await open('first', [
    { problem: 'a?', answer: '1' },
    { problem: 'b?', answer: '2' },
  ])
  const second = await open('second', [
    { problem: 'B?', answer: '2.0' },
    {},
    { problem: 'c?', answer: '3' },
    { problem: 'b?', answer: '2' },
  ])
  const third = await open('third', [
    { problem: 'c?', answer: '4' },
    { problem: 'a?', answer: '1' },
  ])
  const isSameAnswer = (a: string, b: string): boolean => Number(a) === Number(b)
  const found = checkFiles([first, await open('none', []), second, third], { isSameAnswer }).map(({ duplicates }) => duplicates)
  expect(found).toEqual([
    [],
    [],
    [{ lines: [1, 4], earlier: `${first.file.path}:2`, answers: ['2', '2.0'], isContradiction: false }],
    [
      { lines: [2], earlier: `${first.file.path}:1`, answers: ['1'], isContradiction: false },
      { lines: [1], earlier: `${second.file.path}:3`, answers: ['3', '4'], isContradiction: true },
    ],
  ])
})

test('answers that are worked solutions are counted', async () => {
  const worked = await open('worked', [
    { question: 'a?', answer: 'One.\n#### 1' },
    { question: 'b?', answer: '2' },
  ])
  expect(checkFiles([worked], {})).toMatchObject([{ withSolution: 0, workedAnswers: 1 }])
})

test('a text that cannot be measured is named by its row', async () => {
  const rows = await open('huge', [
    { problem: 'a', answer: 2 },
    { problem: 'b', answer: 3, solution: 'c' },
  ])
  const textLength = (): number => {
    throw new DataError('too long')
  }
  expect(() => checkFiles([rows], { textLength })).toThrow(new DataError(`${join(folder, 'huge.jsonl')}:2: too long`))
})

test('a word of millions of letters is one word', () => {
  const word = '\u{1D41A}'.repeat(5_000_000) // two units each, which an expression that repeats remembers one by one
  expect(overlapFinder([ask(word)], 4)(ask(`(${word})`))).toMatchObject([{ share: 1 }])
})

test('a problem of few words is only found whole', () => {
  const overlaps = overlapFinder([ask('Find x now')], 4)
  expect(overlaps(ask('find X, now!'))).toEqual([{ asked: 'Find x now', learnt: 'find X, now!', share: 1 }])
  expect(overlaps(ask('find x now or never at all'))).toEqual([])
  expect(overlaps(ask('find x'))).toEqual([])
})

test('a histogram holds every length once', () => {
  expect(lengthsOf(Float64Array.of(0, 1, 2, 3, 9))?.histogram).toEqual([
    { from: 0, below: 1, count: 1 },
    { from: 1, below: 2, count: 1 },
    { from: 2, below: 4, count: 2 },
    { from: 4, below: 8, count: 0 },
    { from: 8, below: 16, count: 1 },
  ])
  expect(lengthsOf(new Float64Array())).toBeUndefined()
})
