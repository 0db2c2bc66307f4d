/** Complex numbers of 60 decimal digits. Undefined is a value that is not there: a division by zero, a logarithm of zero, an overflow. */
import type { Decimal } from 'decimal.js'
import { cos, D, exp, ln, pow, sin, sqrt } from './real-functions.ts'

export interface Complex {
  readonly re: Decimal
  readonly im: Decimal
}

export const zero: Decimal = new D(0)
export const pi: Decimal = D.acos(-1)
export const euler: Decimal = new D(1).exp()

export function real(value: Decimal | number): Complex {
  return { re: new D(value), im: zero }
}

export function isReal(z: Complex): boolean {
  return z.im.isZero()
}

export function isFinite(z: Complex): boolean {
  return z.re.isFinite() && z.im.isFinite()
}

export function magnitude(z: Complex): Decimal {
  if (z.im.isZero()) return z.re.abs()
  return z.re.isZero() ? z.im.abs() : D.hypot(z.re, z.im)
}

export function add(a: Complex, b: Complex): Complex {
  return { re: a.re.plus(b.re), im: a.im.isZero() && b.im.isZero() ? zero : a.im.plus(b.im) }
}

export function negate(z: Complex): Complex {
  return { re: z.re.neg(), im: z.im.isZero() ? zero : z.im.neg() }
}

export function multiply(a: Complex, b: Complex): Complex {
  if (isReal(a) && isReal(b)) return { re: a.re.times(b.re), im: zero }
  return { re: a.re.times(b.re).minus(a.im.times(b.im)), im: a.re.times(b.im).plus(a.im.times(b.re)) }
}

export function divide(a: Complex, b: Complex): Complex | undefined {
  if (b.re.isZero() && b.im.isZero()) return undefined
  if (isReal(b)) return { re: a.re.div(b.re), im: a.im.isZero() ? zero : a.im.div(b.re) }
  const size = b.re.times(b.re).plus(b.im.times(b.im))
  const { re, im } = multiply(a, { re: b.re, im: b.im.neg() })
  return { re: re.div(size), im: im.div(size) }
}

export function exponential(z: Complex): Complex | undefined {
  if (z.re.gt(2_000_000)) return undefined
  const size = exp(z.re)
  return isReal(z) ? { re: size, im: zero } : turned(size, z.im)
}

export function logarithm(z: Complex): Complex | undefined {
  const size = magnitude(z)
  if (size.isZero()) return undefined
  const im = isReal(z) ? (z.re.isNegative() ? pi : zero) : D.atan2(z.im, z.re)
  return { re: ln(size), im }
}

/** The principal value; real powers of real numbers stay real. */
export function power(base: Complex, exponent: Complex): Complex | undefined {
  if (base.re.isZero() && base.im.isZero()) return isReal(exponent) && exponent.re.gt(0) ? real(0) : undefined
  if (isReal(exponent) && exponent.re.isInteger() && exponent.re.abs().lte(1000)) return wholePower(base, exponent.re.toNumber())
  if (isReal(exponent) && exponent.re.eq(0.5)) return squareRoot(base)
  if (isReal(base) && isReal(exponent) && base.re.gt(0)) return { re: pow(base.re, exponent.re), im: zero }
  const log = logarithm(base)
  return log && exponential(multiply(log, exponent))
}

export function squareRoot(z: Complex): Complex {
  if (isReal(z)) return z.re.isNegative() ? { re: zero, im: sqrt(z.re.neg()) } : { re: sqrt(z.re), im: zero }
  const size = magnitude(z)
  const re = sqrt(size.plus(z.re).div(2))
  const im = sqrt(size.minus(z.re).div(2))
  return { re, im: z.im.isNegative() ? im.neg() : im }
}

export function sine(z: Complex): Complex | undefined {
  if (z.re.abs().gt(1e9) || z.im.abs().gt(1e6)) return undefined
  if (isReal(z)) return { re: sin(z.re), im: zero }
  return { re: sin(z.re).times(z.im.cosh()), im: cos(z.re).times(z.im.sinh()) }
}

export function cosine(z: Complex): Complex | undefined {
  if (z.re.abs().gt(1e9) || z.im.abs().gt(1e6)) return undefined
  if (isReal(z)) return { re: cos(z.re), im: zero }
  return { re: cos(z.re).times(z.im.cosh()), im: sin(z.re).times(z.im.sinh()).neg() }
}

function turned(size: Decimal, angle: Decimal): Complex | undefined {
  return angle.abs().gt(1e9) ? undefined : { re: size.times(cos(angle)), im: size.times(sin(angle)) }
}

function wholePower(base: Complex, exponent: number): Complex | undefined {
  if (isReal(base)) return { re: base.re.pow(exponent), im: zero }
  let result: Complex = real(1)
  let square = base
  for (let left = Math.abs(exponent); left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(result, square)
    square = multiply(square, square)
  }
  return exponent < 0 ? divide(real(1), result) : result
}
