import { assert, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { calculationsIn } from './calculations.ts'

const seen = (text: string): [string, string, boolean][] =>
  calculationsIn(text).map(({ expression, given, isTrue }) => [expression, given, isTrue])

test('calculations in a sentence are found and checked', () => {
  expect(seen('Natalia sold 48/2 = 24 clips in May, 48 + 24 = 73 in all.')).toEqual([
    ['48/2', '24', true],
    ['48 + 24', '73', false],
  ])
  expect(seen('She earned 0.2 x 50 = $10, that is $1,200 - $1,190 = $10.')).toEqual([
    ['0.2 x 50', '$10', true],
    ['$1,200 - $1,190', '$10', true],
  ])
  expect(seen('(3 + 4) * 2 = 14 and 3 + 4 * 2 = 14 and 12 \u00d7 2 \u00f7 3 = 8')).toEqual([
    ['(3 + 4) * 2', '14', true],
    ['3 + 4 * 2', '14', false],
    ['12 \u00d7 2 \u00f7 3', '8', true],
  ])
})

test('each link of a chain is a calculation', () => {
  expect(seen('2*3 = 6 + 5 = 11')).toEqual([
    ['2*3', '6 + 5', false],
    ['6 + 5', '11', true],
  ])
  expect(seen('1 - 3/7 = 4/7 and 4080 + 4080 / 2 = 4080 + 2040 = 6120')).toEqual([
    ['1 - 3/7', '4/7', true],
    ['4080 + 4080 / 2', '4080 + 2040', true],
    ['4080 + 2040', '6120', true],
  ])
})

test('a result may be rounded to the places that it is written with', () => {
  expect(seen('10/3 = 3.33, 10/3 = 3, 10/3 = 3.4')).toEqual([
    ['10/3', '3.33', true],
    ['10/3', '3', true],
    ['10/3', '3.4', false],
  ])
})

test('what cannot be judged is left alone', () => {
  expect(seen('5 apples + 3 apples = 8 apples, x + 3 = 8, 20/50 = 40%, 3/0 = 3, a = 5, 3 = 4, 2(3 = 4')).toEqual([])
  expect(seen('60 students x 2/3 = 40, 8 x 1 1/2 = 12, 3x-5 = 16, 16,0000/10 = 5, 2 + 1 = 3 1/2, 26 = 5 + 3x\n21 = 3x')).toEqual([])
})

test('the end is behind the result', () => {
  const text = 'so 2 + 2 = 5 and'
  expect(text.slice(0, calculationsIn(text)[0]?.end)).toBe('so 2 + 2 = 5')
})

test('any text can be read, in time linear in its length', () => {
  assert(property(string({ unit: 'binary', maxLength: 300 }), (text) => calculationsIn(text).length >= 0))
  assert(property(string({ unit: 'grapheme-ascii' }), (text) => calculationsIn(`1+${text}=2`).length >= 0))
  const started = performance.now()
  for (const piece of ['1+', '1 ', '(', ' ', '1,', '1-', '((1)'])
    expect(calculationsIn(piece.repeat(10_000)).length).toBeGreaterThanOrEqual(0)
  expect(performance.now() - started).toBeLessThan(5000)
})
