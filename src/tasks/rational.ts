/** Exact numbers: fractions of big integers in lowest terms. What a text means by a number is number-text.ts's question. */

export interface Rational {
  readonly numerator: bigint
  readonly denominator: bigint // > 0
}

/** Undefined for a denominator of zero. */
export function rational(numerator: bigint, denominator: bigint = 1n): Rational | undefined {
  if (denominator === 0n) return undefined
  const sign = denominator < 0n ? -1n : 1n
  const divisor = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, sign * denominator)
  return { numerator: (sign * numerator) / divisor, denominator: (sign * denominator) / divisor }
}

export function equal(a: Rational, b: Rational): boolean {
  return a.numerator === b.numerator && a.denominator === b.denominator
}

export type RationalOperator = '+' | '-' | '*' | '/'

/** Undefined for a division by zero. */
export function combine(a: Rational, operator: RationalOperator, b: Rational): Rational | undefined {
  switch (operator) {
    case '+':
      return rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator)
    case '-':
      return rational(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator)
    case '*':
      return rational(a.numerator * b.numerator, a.denominator * b.denominator)
    case '/':
      return rational(a.numerator * b.denominator, a.denominator * b.numerator)
    default:
      return operator satisfies never
  }
}

/** Half of a unit in decimal place `places` or less apart: what rounding to that place may do. */
export function equalWhenRounded(a: Rational, b: Rational, places: number): boolean {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator
  return 2n * (difference < 0n ? -difference : difference) * 10n ** BigInt(places) <= a.denominator * b.denominator
}

/** As a person writes it: an integer, or a decimal rounded to at most `places` places. */
export function decimalText({ numerator, denominator }: Rational, places: number = 2): string {
  const scale = 10n ** BigInt(places)
  const magnitude = numerator < 0n ? -numerator : numerator
  const scaled = (2n * magnitude * scale + denominator) / (2n * denominator)
  const fraction = String(scaled % scale)
    .padStart(places, '0')
    .replace(/0+$/, '')
  const sign = numerator < 0n && scaled > 0n ? '-' : ''
  return `${sign}${scaled / scale}${fraction === '' ? '' : `.${fraction}`}`
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b > 0n) [a, b] = [b, a % b]
  return a
}
