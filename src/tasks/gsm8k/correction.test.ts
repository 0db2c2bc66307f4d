import { assert, constantFrom, property, string } from 'fast-check'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { leaks } from '../../algorithm/reflection.ts'
import { reflects } from '../../text/markers.ts'
import { correctAttempt } from './correction.ts'
import { diagnoses } from './diagnoses.ts'
import { gsm8kTask } from './gsm8k.ts'
import { type Gsm8kRow, readRows } from './rows.ts'

const data = join(import.meta.dirname, 'fixtures')
const rows = await readRows(join(data, 'train.jsonl'))
const natalia = rows[0] as Gsm8kRow // 48/2 = 24, 48+24 = 72

test('a false calculation is kept to the end of its sentence, and the gold solution goes on from there', () => {
  const attempt = 'She sold 48/2 = 25 clips in May. So 48 + 25 = 73 clips.\n#### 73'
  const made = correctAttempt(natalia, attempt)
  expect(attempt.slice(0, made?.keep)).toBe('She sold 48/2 = 25 clips in May.')
  expect(made?.diagnosis).toContain('48/2 is')
  expect(made?.correction).toBe(`\n${natalia.solution}`)
  expect(made?.analysis).toBe('The first error is "48/2 = 25". 48/2 is 24.')
})

test('steps that the attempt already had are not repeated', () => {
  const made = correctAttempt(natalia, 'In May it was 48 / 2 = 24. Then 48 - 24 = 20\n#### 20')
  expect(made?.correction).toBe('\nNatalia sold 48+24 = 72 clips altogether in April and May.\n#### 72')
})

test('a true calculation of which the gold solution knows nothing is an error too', () => {
  const attempt = 'Half is 48/2 = 24. In two months she sold 48 * 2 = 96 clips and more, 24 + 96 = 120.\n#### 120'
  const made = correctAttempt(natalia, attempt)
  expect(attempt.slice(0, made?.keep)).toBe('Half is 48/2 = 24. In two months she sold 48 * 2 = 96')
  expect(made?.analysis).toContain('not needed')
})

test('without a wrong calculation the answer is the error, and without an answer there is nothing to say', () => {
  const attempt = 'She sold 48/2 = 24 clips in May.\n#### 24 clips'
  const made = correctAttempt(natalia, attempt)
  expect(made?.keep).toBe(attempt.length)
  expect(made?.correction).toBe('\nNatalia sold 48+24 = 72 clips altogether in April and May.\n#### 72')
  expect(correctAttempt(natalia, 'I do not know.')).toBeUndefined()
})

test('lines of the gold solution without a calculation go with the step that follows them', () => {
  const alexis = rows.find(({ line }) => line === 9) as Gsm8kRow // "Let S be ..." and then 143, 184, 41
  expect(correctAttempt(alexis, '30 + 46 + 38 + 11 + 18 = 140.')?.correction).toBe(`\n${alexis.solution}`)
  expect(correctAttempt(alexis, '30 + 46 + 38 + 11 + 18 = 143. 200 - 143 = 57.')?.correction).toMatch(/^\nShe used all but/)
})

test('a corrected attempt is right, reflects, and betrays nothing', async () => {
  const task = await gsm8kTask({ data })
  const pieces = constantFrom('48/2 = 24', '48 + 24 = 72', '48*2 = 96', '3 + 4 = 8', '#### 24', '####', ' so ', '\n', '. ', '$5')
  assert(
    property(constantFrom(...rows), string({ unit: pieces, maxLength: 8 }), (row, attempt) => {
      const made = correctAttempt(row, attempt)
      if (made === undefined) return
      const rest = `${made.diagnosis} ${made.correction}`
      const problem = { id: `gsm8k/train/${row.line}`, question: row.question, answer: row.answer }
      expect(made.keep).toBeLessThanOrEqual(attempt.length)
      expect(task.verify(problem, `${attempt.slice(0, made.keep)} ${rest}`).reward).toBe(1)
      expect(leaks(rest)).toBe(false)
      expect(reflects(made.diagnosis)).toBe(true)
    }),
  )
})

test('a right attempt has no correction', async () => {
  const task = await gsm8kTask({ data })
  const set = task.problems('test')
  expect(task.correct?.(set.at(0), 'It is 3 + 3 = 7, no.\n#### 18')).toBeUndefined()
  expect(task.correct?.(set.at(0), '#### 17')).toBeDefined()
})

test('every diagnosis has a marker, and the wording varies with the attempt and with nothing else', () => {
  for (const template of Object.values(diagnoses).flat()) expect(reflects(template)).toBe(true)
  const wordings = Array.from({ length: 40 }, (_, i) => correctAttempt(natalia, `${i}. 48/2 = 25`)?.diagnosis)
  expect(new Set(wordings).size).toBe(diagnoses.false.length)
  expect(correctAttempt(natalia, '0. 48/2 = 25')?.diagnosis).toBe(wordings[0])
})
