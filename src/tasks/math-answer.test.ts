import { assert, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { finalAnswer, verifyNumber } from './math-answer.ts'
import { numbersIn } from './number-text.ts'

test('the final answer is the one that is announced, else the last number', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['So 48/2 = 24, 48 + 24 = 72.\n#### 72', '72'],
    ['#### 10\nNo, that is wrong.\n#### 72 clips', '72'],
    ['#### $1,234.50', '$1,234.50'],
    ['The answer is 72. That took 3 steps.', '72'],
    ['Final answer: -5', '-5'],
    ['so \\boxed{3/4}', '3/4'],
    ['She has 12 + 5 = 17 apples.', '17'],
    ['#### none', undefined],
    ['It is 7.\n#### ', '7'],
    ['', undefined],
    ['I do not know.', undefined],
  ]
  expect(cases.map(([text]) => finalAnswer(text)?.text)).toEqual(cases.map(([, answer]) => answer))
})

test('answers are compared as fractions, whatever they are written like', () => {
  const right: readonly (readonly [string, string])[] = [
    ['72', '#### 72'],
    ['72', '#### 72.00'],
    ['1,000', '#### $1000'],
    ['0.75', '#### 3/4'],
    ['-5', '#### \u22125'],
    ['5', '- 5 apples'],
    ['0.1', '#### .1'],
  ]
  expect(right.map(([gold, text]) => verifyNumber(gold, text).reward)).toEqual(right.map(() => 1))
  const wrong: readonly (readonly [string, string])[] = [
    ['72', '#### 27'],
    ['72', '#### 72.001'],
    ['72', '#### 7 2'],
    ['5', '#### -5'],
    ['1000', '#### 1,00'],
  ]
  expect(wrong.map(([gold, text]) => verifyNumber(gold, text).reward)).toEqual(wrong.map(() => 0))
})

test('numbers are found with separators, signs and fractions', () => {
  expect(numbersIn('12,500 and 5-3, -4, 1/0, 7.').map(({ text }) => text)).toEqual(['12,500', '5', '3', '-4', '7'])
})

test('every text gets a verdict', () => {
  assert(
    property(string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect([0, 1]).toContain(verifyNumber('72', text).reward)
    }),
  )
})
