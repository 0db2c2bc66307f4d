/** Values to 60 digits, complex where need be. It keeps watch over what a sum of very unlike terms loses. */
import type { Decimal } from 'decimal.js'
import {
  add,
  type Complex,
  cosine,
  divide,
  euler,
  exponential,
  isFinite,
  isReal,
  logarithm,
  magnitude,
  multiply,
  negate,
  pi,
  power,
  real,
  sine,
  squareRoot,
  zero,
} from './complex.ts'
import type { Point } from './exact.ts'
import { isStructure, type Node } from './node.ts'
import { D, noise } from './real-functions.ts'
import { spend, type Work } from './work.ts'

/** How far a sum's terms may be apart before the smaller one is lost in the larger one's last digits. */
const absorbedShare = new D('1e-40')

/** The value at a point; undefined where there is none. */
export function numericValue(node: Node, point: Point, work: Work): Complex | undefined {
  const result = evaluate(node, point, work)
  return result && isFinite(result) ? result : undefined
}

function evaluate(node: Node, point: Point, work: Work): Complex | undefined {
  spend(work, 5)
  if (isStructure(node)) return undefined
  const value = (child: Node): Complex | undefined => numericValue(child, point, work)
  switch (node.kind) {
    case 'number':
      return fraction(node.value)
    case 'symbol': {
      const at = point.get(node.name)
      return at && fraction(at)
    }
    case 'constant':
      return constants[node.name]
    case 'negative': {
      const of = value(node.of)
      return of && negate(of)
    }
    case 'sum':
      return sum(node.terms.map(value), work)
    case 'product':
      return product(node.factors.map(value))
    case 'quotient': {
      const over = value(node.over)
      const under = over && value(node.under)
      return under && divide(over, under)
    }
    case 'power': {
      const base = value(node.base)
      const exponent = base && value(node.exponent)
      spend(work, 400)
      return exponent && power(base, exponent)
    }
    case 'call':
      return call(node.name, node.args.map(value), work)
    case 'measure': {
      const of = value(node.of)
      const size = node.unit === 'percent' ? real(0.01) : node.unit === 'degree' ? real(pi.div(180)) : undefined
      return of && size ? multiply(of, size) : of
    }
    default:
      return node satisfies never
  }
}

const constants: Readonly<Record<'pi' | 'e' | 'i' | 'infinity', Complex | undefined>> = {
  pi: real(pi),
  e: real(euler),
  i: { re: zero, im: new D(1) },
  infinity: undefined,
}

function fraction({ numerator, denominator }: { readonly numerator: bigint; readonly denominator: bigint }): Complex {
  const over = new D(numerator.toString())
  return { re: denominator === 1n ? over : over.div(denominator.toString()), im: zero }
}

function sum(terms: readonly (Complex | undefined)[], work: Work): Complex | undefined {
  let result: Complex = real(0)
  let largest: Decimal = zero
  let smallest: Decimal | undefined
  for (const term of terms) {
    if (term === undefined) return undefined
    const size = magnitude(term)
    if (size.gt(largest)) largest = size
    if (!size.isZero() && (smallest === undefined || size.lt(smallest))) smallest = size
    result = add(result, term)
  }
  if (smallest?.lt(largest.times(absorbedShare))) work.absorbed = true
  return terms.length > 1 ? { re: cancelled(result.re, largest), im: cancelled(result.im, largest) } : result
}

/** A sum whose terms cancel but for their last digits is zero. */
function cancelled(part: Decimal, largest: Decimal): Decimal {
  return part.abs().lt(largest.times(noise)) ? zero : part
}

function product(factors: readonly (Complex | undefined)[]): Complex | undefined {
  let result: Complex = real(1)
  for (const factor of factors) {
    if (factor === undefined) return undefined
    result = multiply(result, factor)
  }
  return result
}

function call(name: string, values: readonly (Complex | undefined)[], work: Work): Complex | undefined {
  const [z, second] = values
  if (z === undefined || values.includes(undefined)) return undefined
  spend(work, name === 'sqrt' ? 100 : 500)
  switch (name) {
    case 'sqrt':
      return second === undefined ? squareRoot(z) : root(z, second)
    case 'exp':
      return exponential(z)
    case 'ln':
      return logarithm(z)
    case 'lg':
      return quotient(logarithm(z), real(D.ln(10)))
    case 'log':
      return quotient(logarithm(z), second === undefined ? real(1) : logarithm(second))
    case 'abs':
      return real(magnitude(z))
    case 'cbrt':
      return root(z, real(3))
    case 'Re':
      return real(z.re)
    case 'Im':
      return real(z.im)
    case 'bar':
      return { re: z.re, im: z.im.neg() }
    case 'floor':
      return isReal(z) ? real(z.re.floor()) : undefined
    case 'ceil':
      return isReal(z) ? real(z.re.ceil()) : undefined
    case 'f':
    case 'g':
    case 'h':
    case 'prime':
    case 'mod':
    case 'mean':
      return opaque(name, values as Complex[])
    default:
      return trigonometric(name, z)
  }
}

function trigonometric(name: string, z: Complex): Complex | undefined {
  switch (name) {
    case 'sin':
      return sine(z)
    case 'cos':
      return cosine(z)
    case 'cis':
      return exponential(multiply({ re: zero, im: new D(1) }, z))
    case 'tan':
      return quotient(sine(z), cosine(z))
    case 'cot':
      return quotient(cosine(z), sine(z))
    case 'sec':
      return quotient(real(1), cosine(z))
    case 'csc':
      return quotient(real(1), sine(z))
    default:
      return isReal(z) ? realFunction(name, z.re) : undefined
  }
}

function realFunction(name: string, x: Decimal): Complex | undefined {
  const isSine = x.abs().lte(1)
  switch (name) {
    case 'arcsin':
      return isSine ? real(x.asin()) : undefined
    case 'arccos':
      return isSine ? real(x.acos()) : undefined
    case 'arctan':
      return real(x.atan())
    case 'sinh':
      return x.abs().lt(1e6) ? real(x.sinh()) : undefined
    case 'cosh':
      return x.abs().lt(1e6) ? real(x.cosh()) : undefined
    case 'tanh':
      return x.abs().lt(1e6) ? real(x.tanh()) : undefined
    default:
      return undefined
  }
}

/** Odd roots of negative numbers are negative; other roots are principal values. */
function root(of: Complex, index: Complex): Complex | undefined {
  if (!isReal(index) || !index.re.isInteger() || index.re.isZero()) return undefined
  const isOddOfNegative = isReal(of) && of.re.isNegative() && !index.re.mod(2).isZero()
  const exponent = real(new D(1).div(index.re))
  if (!isOddOfNegative) return power(of, exponent)
  const positive = power(negate(of), exponent)
  return positive && negate(positive)
}

function quotient(over: Complex | undefined, under: Complex | undefined): Complex | undefined {
  return over && under && divide(over, under)
}

/** A function of which only the name is known: some function, the same for the same name. */
function opaque(name: string, values: readonly Complex[]): Complex | undefined {
  let result: Complex | undefined = real(name.charCodeAt(0) / 7)
  for (const [index, value] of values.entries()) {
    const wave = sine(multiply(value, real(1.37 + index)))
    result = result && wave && add(multiply(result, wave), multiply(value, real(0.71)))
  }
  return result
}
