/** Whether two values are equal: exactly, as a rounding, to 60 digits, or as functions at random points. */
import { fold, integer, seedOf } from '../../random.ts'
import { equal, equalWhenRounded, rational, type Rational } from '../rational.ts'
import { add, type Complex, isReal, magnitude, negate } from './complex.ts'
import { exactValue, type Point } from './exact.ts'
import { childrenOf, type Node, variablesOf } from './node.ts'
import { numericValue } from './numeric.ts'
import { D } from './real-functions.ts'
import { type Judging, type Outcome, right, undecided, wrong } from './outcome.ts'
import type { Work } from './work.ts'

const nowhere: Point = new Map()
const seed = seedOf(20260618)
const points = 15 // tried at most; three of five have positive coordinates only
const enough = 4 // points at which both sides have a value, two of them with negative coordinates

export function compareValues(gold: Node, given: Node, judging: Judging): Outcome {
  const names = [...new Set([...variablesOf(gold), ...variablesOf(given)])].sort()
  if (names.length === 0) return compareConstants(gold, given, judging)
  const pair = { gold, given, names }
  if ([gold, given].some((node) => callsOfVariables(node, counting))) return compareCounts(pair, judging)
  const outcome = compareFunctions(pair, judging)
  if (![gold, given].some((node) => callsOfVariables(node, rounding))) return outcome
  const counts = compareCounts(pair, judging)
  if (counts.verdict !== 'right') return counts
  return outcome.verdict === 'wrong' && names.every((name) => wholeNames.test(name)) ? counts : outcome
}

const counting = /^(?:factorial|double factorial|binomial|gcd|lcm)$/ // functions that only whole numbers have
const wholeNames = /^[ijkmnN]$/ // variables that stand for whole numbers where something is rounded
const rounding = /^(?:floor|ceil)$/ // functions that are the same between whole numbers

/** Whether it holds such a function of a variable. */
function callsOfVariables(node: Node, names: RegExp): boolean {
  if (node.kind === 'call' && names.test(node.name)) return variablesOf(node).length > 0
  return childrenOf(node).some((child) => callsOfVariables(child, names))
}

/** The same function of whole numbers: equal wherever both have values, from 1 to 17 for each variable. */
function compareCounts({ gold, given, names }: Pair, { work }: Judging): Outcome {
  let agreed = 0
  for (let index = 0; index < 17; index++) {
    const point: Point = new Map(
      names.map((name, at) => [name, { numerator: BigInt(1 + ((index * (2 * at + 5) + 3 * at + 9) % 17)), denominator: 1n }]),
    )
    const { closeness } = compareAt(point, { gold, given, names }, work)
    if (closeness === 'unclear') return undecided('identity', 'too close to tell apart at 60 digits')
    if (closeness === 'different') return wrong('identity', `they differ at ${pointText(point)}`)
    if (closeness === 'equal') agreed += 1
  }
  if (agreed < 2 * enough || work.gaveUp || work.absorbed) return undecided('identity', 'too few whole numbers at which both have a value')
  return right('identity', 'the same values at whole numbers')
}

function compareConstants(gold: Node, given: Node, judging: Judging): Outcome {
  const { work } = judging
  const a = exactValue(gold, nowhere, work)
  const b = exactValue(given, nowhere, work)
  if (a && b) {
    if (equal(a, b)) return right('exact', `both are ${rationalText(a)}`)
    if (isRounding(given, b, a, judging) || (isRounding(gold, a, b, judging) && !isNearlyAsLong(given, gold)))
      return right('rounded', 'one is the decimal rounding of the other')
    return wrong('exact', `${rationalText(b)} is not ${rationalText(a)}`)
  }
  const x = numericValue(gold, nowhere, work)
  const y = x && numericValue(given, nowhere, work)
  if (x === undefined) return undecided('numeric', 'the gold answer has no value that can be calculated')
  if (y === undefined) return wrong('numeric', 'the answer has no value that can be calculated')
  const closeness = compareComplex(x, y)
  if (closeness === 'different') {
    if (isDecimalRounding(given, y, x, judging) || isDecimalRounding(gold, x, y, judging))
      return right('rounded', 'one is the decimal rounding of the other')
    return wrong('numeric', `${complexText(y)} is not ${complexText(x)}`)
  }
  if (closeness === 'unclear' || work.gaveUp || work.absorbed) return undecided('numeric', 'too close to tell apart at 60 digits')
  return right('numeric', `both are ${complexText(x)}`)
}

/** Whether `decimal`, as written, has digits enough to stand for `exact`, which is not an integer, and is its rounding. */
function isRounding(written: Node, decimal: Rational, exact: Rational, { policy }: Judging): boolean {
  const places = roundingPlaces(written, policy.roundedDigits)
  return places !== undefined && exact.denominator !== 1n && equalWhenRounded(decimal, exact, places)
}

/** Two decimals of which one has hardly more digits than the other: it is no value that the other is the rounding of. */
function isNearlyAsLong(given: Node, gold: Node): boolean {
  const [a, b] = [given, gold].map((node) => (node.kind === 'negative' ? node.of : node))
  return a?.kind === 'number' && b?.kind === 'number' && a.places !== undefined && b.places !== undefined && a.places < b.places + 3
}

function isDecimalRounding(written: Node, decimal: Complex, exact: Complex, { policy }: Judging): boolean {
  const places = roundingPlaces(written, policy.roundedDigits)
  if (places === undefined || !isReal(exact) || exact.re.isInteger()) return false
  return decimal.re.minus(exact.re).abs().times(2).lte(new D(10).pow(-places))
}

function roundingPlaces(written: Node, least: number): number | undefined {
  if (written.kind === 'negative') return roundingPlaces(written.of, least)
  if (written.kind !== 'number' || least === 0 || written.places === undefined || written.places <= 0) return undefined
  return (written.digits ?? 0) >= least ? written.places : undefined
}

const equalShare = new D('1e-45')
const differentShare = new D('1e-30')

function compareComplex(a: Complex, b: Complex): 'equal' | 'different' | 'unclear' {
  const difference = magnitude(add(a, negate(b)))
  if (difference.isZero()) return 'equal'
  const size = D.max(magnitude(a), magnitude(b))
  if (difference.lte(size.times(equalShare))) return 'equal'
  return difference.gte(size.times(differentShare)) && size.gt('1e-45') ? 'different' : 'unclear'
}

interface Pair {
  readonly gold: Node
  readonly given: Node
  readonly names: readonly string[]
}

/** The same function: equal wherever both have values. Equal for positive variables alone is undecided. */
function compareFunctions(pair: Pair, judging: Judging): Outcome {
  const { work } = judging
  let agreed = 0
  let mixed = 0 // of those, with negative coordinates
  let missed = 0 // points at which the gold answer alone has a value
  for (let index = 0; index < points && (agreed < enough || mixed < 2); index++) {
    const isPositive = index % 5 < 3
    const point = pointAt(pair.names, index, isPositive)
    const { closeness, isGoldReal } = compareAt(point, pair, work)
    if (closeness === 'unclear') return undecided('identity', 'too close to tell apart at 60 digits')
    if (closeness === 'different') {
      if (isPositive || agreed < 3) return wrong('identity', `they differ at ${pointText(point)}`)
      if (isGoldReal) return undecided('identity', `equal for positive variables, not at ${pointText(point)}`)
    }
    agreed += closeness === 'equal' ? 1 : 0
    mixed += closeness === 'equal' && !isPositive ? 1 : 0
    missed += closeness === 'missing' ? 1 : 0
  }
  if (agreed === 0 && missed >= enough) return wrong('identity', 'the answer has a value nowhere')
  if (agreed < 3) return undecided('identity', 'too few points at which both have a value')
  if (work.gaveUp || work.absorbed) return undecided('identity', 'too close to tell apart at 60 digits')
  return right('identity', 'the same values at random points')
}

interface Meeting {
  readonly closeness: 'equal' | 'different' | 'unclear' | 'missing' | 'nowhere' // missing: the gold answer alone has a value
  readonly isGoldReal: boolean
}

/** Where a sum lost a term, two values that are equal to 60 digits say nothing. */
function compareAt(point: Point, pair: Pair, work: Work): Meeting {
  const before = work.absorbed
  work.absorbed = false
  const meeting = meetingAt(point, pair, work)
  const isLost = work.absorbed && meeting.closeness !== 'different'
  work.absorbed = before
  return isLost ? { ...meeting, closeness: 'nowhere' } : meeting
}

function meetingAt(point: Point, { gold, given }: Pair, work: Work): Meeting {
  const a = exactValue(gold, point, work)
  const b = a && exactValue(given, point, work)
  if (a && b) return { closeness: equal(a, b) ? 'equal' : 'different', isGoldReal: true }
  const x = numericValue(gold, point, work)
  const y = x && numericValue(given, point, work)
  if (x === undefined) return { closeness: 'nowhere', isGoldReal: false }
  return { closeness: y === undefined ? 'missing' : compareComplex(x, y), isGoldReal: isReal(x) }
}

const scales = [1n, 6n, 30n, 1n, 60n] // of the coordinates of points in a row

/** Fractions with denominators of their own, so that no coordinate is a special value: near 1, and some of them larger. */
function pointAt(names: readonly string[], index: number, isPositive: boolean): Point {
  const stream = fold(seed, index)
  return new Map(
    names.map((name, at) => {
      const under = 41 + 2 * integer(stream, 3 * at, 40)
      const over = (BigInt(under >> 2) + BigInt(integer(stream, 3 * at + 1, 3 * under))) * (scales[index % scales.length] as bigint)
      const isNegative = !isPositive && (integer(stream, 3 * at + 2, 2) === 1 || at === index % names.length)
      return [name, rational(isNegative ? -over : over, BigInt(under)) as Rational] as const
    }),
  )
}

function pointText(point: Point): string {
  return [...point].map(([name, value]) => `${name} = ${rationalText(value)}`).join(', ')
}

function rationalText({ numerator, denominator }: Rational): string {
  const text = denominator === 1n ? String(numerator) : `${numerator}/${denominator}`
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

function complexText(z: Complex): string {
  const re = z.re.toSignificantDigits(12).toString()
  return isReal(z) ? re : `${re} + ${z.im.toSignificantDigits(12).toString()}i`
}
