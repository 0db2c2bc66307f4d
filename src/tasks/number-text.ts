/** Numbers as people write them in solutions: thousands separators, currency signs, decimals, fractions. Total: any text can be read. */
import { combine, rational, type Rational } from './rational.ts'

/** A number without a sign: 72, 1,234.50, .5; separators only where they make sense. Data for the expressions of this folder. */
export const unsignedNumber: string = String.raw`(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+`

/** A number as an answer may be written: sign, currency, fraction. */
const writtenNumber = new RegExp(
  String.raw`(?<sign>(?<![\w)\]])[-\u2212])?(?:[$\u20ac\u00a3]\s?)?(?<number>${unsignedNumber})(?:\s?\/\s?(?<denominator>\d+)(?![\d.,]*\d))?`,
  'g',
)

export interface FoundNumber {
  readonly value: Rational
  readonly text: string // as it stands there
}

/** Every number of a text, in order. A fraction is one number; one with a denominator of zero is none. */
export function numbersIn(text: string): FoundNumber[] {
  return [...text.matchAll(writtenNumber)].flatMap(({ 0: found, groups = {} }) => {
    const magnitude = parseNumber(groups['number'] ?? '')
    const denominator = rational(BigInt(groups['denominator'] ?? '1'))
    const value = magnitude && denominator && combine(magnitude, '/', denominator)
    if (value === undefined) return []
    const signed = groups['sign'] === undefined ? value : { ...value, numerator: -value.numerator }
    return [{ value: signed, text: found.trim() }]
  })
}

/** The value of an unsigned number's text. */
export function parseNumber(text: string): Rational | undefined {
  const [whole = '', fraction = ''] = text.replaceAll(',', '').split('.')
  if (!/^\d+$/.test(whole + fraction)) return undefined
  return rational(BigInt(whole + fraction), 10n ** BigInt(fraction.length))
}

/** How many decimal places a number is written with. */
export function decimalPlaces(text: string): number {
  return (text.split('.')[1] ?? '').length
}
