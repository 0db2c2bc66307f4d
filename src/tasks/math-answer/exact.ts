/** Values as fractions of big integers, where they are such and not too large. What is not is undefined here, and numeric.ts's business. */
import { combine, rational, type Rational } from '../rational.ts'
import { isStructure, type Node } from './node.ts'
import { spend, type Work } from './work.ts'

export type Point = ReadonlyMap<string, Rational>

const maxBits = 20_000
const maxFactorial = 3000n

/** The value at a point; undefined where it is not rational, too large, or not there at all. */
export function exactValue(node: Node, point: Point, work: Work): Rational | undefined {
  spend(work, 1)
  if (isStructure(node)) return undefined
  const value = (child: Node): Rational | undefined => exactValue(child, point, work)
  switch (node.kind) {
    case 'number':
      return node.value
    case 'symbol':
      return point.get(node.name)
    case 'negative':
      return negated(value(node.of))
    case 'sum':
      return folded(node.terms, '+', value, work)
    case 'product':
      return folded(node.factors, '*', value, work)
    case 'quotient':
      return folded([node.over, node.under], '/', value, work)
    case 'power': {
      const base = value(node.base)
      const exponent = base && value(node.exponent)
      return exponent && power(base, exponent, work)
    }
    case 'call':
      return call(node.name, node.args.map(value), work)
    case 'measure':
      return measure(value(node.of), node.unit)
    case 'constant':
      return undefined
    default:
      return node satisfies never
  }
}

function measure(of: Rational | undefined, unit: string): Rational | undefined {
  if (unit === 'percent') return of && rational(of.numerator, of.denominator * 100n)
  return unit === 'degree' ? undefined : of
}

function negated(of: Rational | undefined): Rational | undefined {
  return of && { ...of, numerator: -of.numerator }
}

function folded(
  parts: readonly Node[],
  operator: '+' | '*' | '/',
  valueOf: (part: Node) => Rational | undefined,
  work: Work,
): Rational | undefined {
  let result: Rational | undefined
  for (const [index, part] of parts.entries()) {
    const next = valueOf(part)
    if (next === undefined) return undefined
    result = index === 0 ? next : result && combine(result, operator, next)
    if (result === undefined || isTooLarge(result, work)) return undefined
  }
  return result
}

/** Charges for a value's size, and says whether it is over the limit. */
function isTooLarge(value: Rational, work: Work): boolean {
  const bits = bitsOf(value.numerator) + bitsOf(value.denominator)
  spend(work, (bits >> 8) + ((bits * bits) >> 15)) // the divisor in common takes the square of the length
  if (bits <= maxBits) return false
  work.gaveUp = true
  return true
}

function bitsOf(value: bigint): number {
  if (value < 4294967296n && value > -4294967296n) return 32
  return value.toString(16).length * 4
}

function power(base: Rational, exponent: Rational, work: Work): Rational | undefined {
  if (exponent.denominator !== 1n) {
    const root = exponent.denominator < 64n ? rootOf(base, Number(exponent.denominator), work) : undefined
    return root && power(root, { numerator: exponent.numerator, denominator: 1n }, work)
  }
  const isInverse = exponent.numerator < 0n
  const times = isInverse ? -exponent.numerator : exponent.numerator
  if (base.numerator === 0n) return times === 0n || isInverse ? undefined : base
  const bits = bitsOf(base.numerator) + bitsOf(base.denominator)
  const isUnit = base.denominator === 1n && (base.numerator === 1n || base.numerator === -1n)
  if (!isUnit && times * BigInt(Math.min(bits, actualBits(base))) > BigInt(maxBits)) {
    work.gaveUp = true
    return undefined
  }
  const count = isUnit ? times % 2n : times
  spend(work, bits >> 6)
  const over = base.numerator ** count
  const under = base.denominator ** count
  return isInverse ? rational(under, over) : { numerator: over, denominator: under }
}

function actualBits(value: Rational): number {
  const magnitude = value.numerator < 0n ? -value.numerator : value.numerator
  return (magnitude > value.denominator ? magnitude : value.denominator).toString(2).length
}

/** The exact root of a fraction >= 0, undefined where there is none. */
function rootOf(of: Rational, index: number, work: Work): Rational | undefined {
  const over = integerRoot(of.numerator, index, work)
  const under = over === undefined ? undefined : integerRoot(of.denominator, index, work)
  return over === undefined || under === undefined ? undefined : rational(over, under)
}

/** By Newton's method from above. */
function integerRoot(of: bigint, index: number, work: Work): bigint | undefined {
  if (of < 0n) return undefined
  if (of < 2n) return of
  const n = BigInt(index)
  let root = 1n << (BigInt(of.toString(2).length) / n + 1n)
  for (;;) {
    spend(work, 1 + (bitsOf(of) >> 6))
    const next = ((n - 1n) * root + of / root ** (n - 1n)) / n
    if (next >= root) return root ** n === of ? root : undefined
    root = next
  }
}

function call(name: string, values: readonly (Rational | undefined)[], work: Work): Rational | undefined {
  const [a, b] = values
  if (a === undefined || values.includes(undefined)) return undefined
  switch (name) {
    case 'sqrt': {
      const index = b === undefined ? 2n : b.denominator === 1n ? b.numerator : 0n
      if (index < 1n || index > 64n) return undefined
      const isNegative = a.numerator < 0n && index % 2n === 1n
      const root = rootOf(isNegative ? { ...a, numerator: -a.numerator } : a, Number(index), work)
      return isNegative ? negated(root) : root
    }
    case 'abs':
      return a.numerator < 0n ? negated(a) : a
    case 'floor':
      return { numerator: floor(a), denominator: 1n }
    case 'ceil':
      return { numerator: -floor({ ...a, numerator: -a.numerator }), denominator: 1n }
    case 'factorial':
      return a.denominator === 1n ? factorial(a.numerator, 1n, work) : undefined
    case 'double factorial':
      return a.denominator === 1n ? factorial(a.numerator, 2n, work) : undefined
    case 'gcd':
    case 'lcm':
      return values.every((each) => each?.denominator === 1n)
        ? { numerator: common(name, values as Rational[]), denominator: 1n }
        : undefined
    case 'binomial':
      return b && a.denominator === 1n && b.denominator === 1n ? binomial(a.numerator, b.numerator, work) : undefined
    default:
      return undefined
  }
}

function floor({ numerator, denominator }: Rational): bigint {
  const quotient = numerator / denominator
  return numerator < 0n && quotient * denominator !== numerator ? quotient - 1n : quotient
}

/** Of whole numbers. */
function common(name: 'gcd' | 'lcm', values: readonly Rational[]): bigint {
  const size = (n: bigint): bigint => (n < 0n ? -n : n)
  const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b))
  const numbers = values.map(({ numerator }) => size(numerator))
  return numbers.reduce((a, b) => (name === 'gcd' ? gcd(a, b) : a === 0n || b === 0n ? 0n : (a / gcd(a, b)) * b))
}

/** n (n - step) (n - 2 step) ... */
function factorial(n: bigint, step: bigint, work: Work): Rational | undefined {
  if (n < 0n) return undefined
  if (n > maxFactorial) {
    work.gaveUp = true
    return undefined
  }
  let result = 1n
  for (let factor = n; factor > 1n; factor -= step) result *= factor
  spend(work, Number(n))
  return { numerator: result, denominator: 1n }
}

function binomial(n: bigint, k: bigint, work: Work): Rational | undefined {
  if (k < 0n || n < 0n) return undefined
  const few = k > n - k ? n - k : k
  if (few > maxFactorial || few * BigInt(n.toString(2).length) > BigInt(maxBits)) {
    work.gaveUp = true
    return undefined
  }
  let result = 1n
  for (let i = 1n; i <= few; i++) result = (result * (n - few + i)) / i
  spend(work, Number(few < 0n ? 0n : few))
  return { numerator: few < 0n ? 0n : result, denominator: 1n }
}
