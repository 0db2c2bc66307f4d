/** Numbers as they are written: digit groups, decimals, exponents, repeating decimals. */
import { rational, type Rational } from '../rational.ts'
import type { Node } from './node.ts'
import { Unreadable } from './work.ts'

type NumberNode = Extract<Node, { kind: 'number' }>

/** The number of a token. With an ellipsis behind it, digits that repeat at its end repeat for ever. */
export function numberOf(text: string, isEllipsis: boolean): NumberNode {
  const repeating = /^(\d*)\.(\d*?)(?:\\(?:overline|bar)\s*\{?(\d+)\}?|\((\d+)\)|\\dot\s*\{?(\d)\}?(?:(\d*)\\dot\s*\{?(\d)\}?)?)$/.exec(
    text,
  )
  if (repeating) {
    const [, whole = '', fixed = '', ...period] = repeating
    return { kind: 'number', value: repeated(whole, fixed, period.join('')) }
  }
  const [mantissa = '', exponent = '0'] = text.replace(/[, ]/g, '').toLowerCase().split('e')
  const [whole = '', fraction] = mantissa.split('.')
  if (isEllipsis) {
    const [, fixed = '', period = ''] = /^(\d*?)(\d{1,6}?)\2+$/.exec(fraction ?? '') ?? []
    if (period === '') throw new Unreadable('an ellipsis behind digits that do not repeat')
    return { kind: 'number', value: repeated(whole, fixed, period) }
  }
  const power = Number(exponent) - (fraction ?? '').length
  const digits = BigInt(whole + (fraction ?? ''))
  const value = power >= 0 ? rational(digits * 10n ** BigInt(power)) : rational(digits, 10n ** BigInt(-power))
  if (value === undefined) throw new Unreadable(`the number ${text}`)
  if (fraction === undefined && exponent === '0') return { kind: 'number', value }
  return { kind: 'number', value, digits: (whole + (fraction ?? '')).replace(/^0+/, '').length, places: -power }
}

function repeated(whole: string, fixed: string, period: string): Rational {
  const nines = 10n ** BigInt(period.length) - 1n
  const scale = 10n ** BigInt(fixed.length)
  const value = rational(BigInt(`${whole}${fixed}` || '0') * nines + BigInt(period), scale * nines)
  if (value === undefined) throw new Unreadable('a repeating decimal without a period')
  return value
}
