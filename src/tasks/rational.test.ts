import { assert, bigInt, property } from 'fast-check'
import { expect, test } from 'vitest'
import { combine, decimalText, equal, equalWhenRounded, rational, type Rational } from './rational.ts'

const of = (numerator: bigint, denominator: bigint = 1n): Rational => rational(numerator, denominator) as Rational

test('fractions are in lowest terms with the sign above', () => {
  expect(of(6n, -4n)).toEqual({ numerator: -3n, denominator: 2n })
  expect(of(0n, 7n)).toEqual({ numerator: 0n, denominator: 1n })
  expect(rational(1n, 0n)).toBeUndefined()
})

test('what is divided and multiplied back is what it was', () => {
  assert(
    property(bigInt(), bigInt({ min: 1n }), bigInt({ min: 1n }), (n, d, m) => {
      const value = of(n, d)
      const divided = combine(value, '/', of(m)) as Rational
      expect(equal(combine(divided, '*', of(m)) as Rational, value)).toBe(true)
      expect(combine(combine(value, '+', of(m)) as Rational, '-', of(m))).toEqual(value)
    }),
  )
  expect(combine(of(1n), '/', of(0n))).toBeUndefined()
})

test('rounding to a place allows half a unit of it', () => {
  expect(equalWhenRounded(of(10n, 3n), of(333n, 100n), 2)).toBe(true)
  expect(equalWhenRounded(of(10n, 3n), of(34n, 10n), 1)).toBe(false)
  expect(equalWhenRounded(of(1n, 2n), of(1n), 0)).toBe(true) // half a unit
  expect(equalWhenRounded(of(24n), of(25n), 0)).toBe(false)
})

test('a decimal is written without needless places', () => {
  expect([of(24n), of(1n, 2n), of(-10n, 3n), of(1999n, 1000n), of(-1n, 1000n)].map((value) => decimalText(value))).toEqual([
    '24',
    '0.5',
    '-3.33',
    '2',
    '0',
  ])
})
