/** Values with units: the same kind of unit is converted, another kind is wrong, a missing one is what the policy says. */
import { units } from './names.ts'
import { rational } from '../rational.ts'
import { magnitude } from './complex.ts'
import { childrenOf, type Node, wholeNumber } from './node.ts'
import { numericValue } from './numeric.ts'
import { type Judging, type Outcome, wrong } from './outcome.ts'
import { compareValues } from './values.ts'

/** Compares what stands before the units, once the units are dealt with. */
export function compareMeasures(gold: Node, given: Node, judging: Judging): Outcome {
  const a = measureOf(gold)
  const b = measureOf(given)
  if (isOpposite(a.unit, b.unit)) return wrong('structure', `it is ${b.unit}, not ${a.unit}`)
  if (a.unit === 'percent' || b.unit === 'percent') return comparePercent(a, b, judging)
  if (a.unit === 'degree' || b.unit === 'degree') return compareDegrees(a, b, judging)
  const known = kindOf(a.unit)
  const other = kindOf(b.unit) ?? kindOf(b.unit?.split(' ').find((word) => kindOf(word) !== undefined))
  const isOther = known !== undefined && other === undefined && b.unit !== undefined && !/^units?\b/.test(b.unit)
  const isOtherPower =
    b.unit !== undefined && powerOf(a.unit) !== powerOf(b.unit) && (known !== undefined || /^unit\b|\^/.test(a.unit ?? ''))
  if (isOther || isOtherPower) return wrong('structure', `the unit is ${b.unit}, not ${a.unit}`)
  if (a.unit !== undefined && known === undefined) return compareValues(a.of, b.of, judging) // a word of no measure, `3 apples`
  if (known === undefined && other === undefined) return compareValues(a.of, b.of, judging)
  if (known !== undefined && other !== undefined) {
    if (known.kind !== other.kind) return wrong('structure', `the unit is ${b.unit}, not ${a.unit}`)
    const [over, under] = reduced(known.over * other.under, other.over * known.under)
    return compareValues(scaled(a.of, over), scaled(b.of, under), judging)
  }
  if (!judging.policy.missingUnits && b.unit === undefined) return wrong('structure', `the unit ${a.unit} is missing`)
  return compareValues(a.of, b.of, judging)
}

interface Measure {
  readonly of: Node
  readonly unit: string | undefined
}

/** A value and its unit, a sign before it taken in. */
function measureOf(node: Node): Measure {
  if (node.kind === 'measure') return { of: node.of, unit: node.unit }
  if (node.kind === 'negative' && node.of.kind === 'measure') return { of: { kind: 'negative', of: node.of.of }, unit: node.of.unit }
  return { of: node, unit: undefined }
}

const opposites = [
  /increase/,
  /decrease/,
  /profit|gain/,
  /loss/,
  /above/,
  /below/,
  /east/,
  /west/,
  /north/,
  /south/,
  /\bclockwise/,
  /counter/,
]

function isOpposite(gold: string = '', given: string = ''): boolean {
  return opposites.some((word, i) => word.test(gold) && (opposites[i ^ 1] as RegExp).test(given))
}

function powerOf(unit: string | undefined): number {
  return Number(/\^([23])$/.exec(unit ?? '')?.[1] ?? 1)
}

interface Kind {
  readonly kind: string
  readonly over: bigint // by `under`: in the smallest of its kind
  readonly under: bigint
}

/** What a unit measures, quotients like km/h among them. `unit` itself and words that are none have no kind. */
function kindOf(unit: string | undefined): Kind | undefined {
  const speed = speeds[unit ?? '']
  const [over, ...under] = (speed ?? unit ?? '').split(/\s*\/\s*|\s+per\s+/).map(plainKind)
  if (over === undefined || under.length > 1) return undefined
  const [per] = under
  if (under.length === 0) return over
  return per && { kind: `${over.kind}/${per.kind}`, over: over.over, under: per.over }
}

const speeds: Readonly<Record<string, string>> = { mph: 'mile/hour', kph: 'km/hour', kmh: 'km/hour' }

function plainKind(unit: string): Kind | undefined {
  const [, name = '', power = '1'] = /^(.*?)(?:\^([23]))?$/.exec(unit) ?? []
  const known = units.get(name) ?? units.get(name.replace(/s$/, ''))
  if (known === undefined || known[0] === 'plain') return undefined
  return { kind: `${known[0]}${power}`, over: BigInt(known[1]) ** BigInt(power), under: 1n }
}

function scaled(of: Node, by: bigint): Node {
  return by === 1n ? of : { kind: 'product', factors: [of, wholeNumber(by)] }
}

function reduced(over: bigint, under: bigint): [bigint, bigint] {
  const quotient = rational(over, under)
  return quotient === undefined ? [over, under] : [quotient.numerator, quotient.denominator]
}

function comparePercent(gold: Measure, given: Measure, judging: Judging): Outcome {
  const { policy } = judging
  if ([gold.unit, given.unit].some((unit) => unit !== undefined && unit !== 'percent'))
    return wrong('structure', 'one is a percentage, the other has a unit')
  const same = compareValues(gold.of, given.of, judging)
  const hasBoth = gold.unit === given.unit
  if (hasBoth || (same.verdict === 'right' && policy.percentAsNumber && (gold.unit === 'percent' || !isBelowOne(gold.of, judging))))
    return same
  const fraction = compareValues(shareOf(gold), shareOf(given), judging)
  return fraction.verdict !== 'right' || policy.percentAsFraction ? fraction : wrong('structure', 'the percent sign is missing')
}

/** Of a gold answer without a percent sign: 0.05 is no 5 % that lost its sign. */
function isBelowOne(node: Node, { work }: Judging): boolean {
  const value = numericValue(node, new Map(), work)
  return value !== undefined && magnitude(value).lte(1)
}

function shareOf({ of, unit }: Measure): Node {
  return unit === 'percent' ? { kind: 'measure', of, unit } : of
}

function compareDegrees(gold: Measure, given: Measure, judging: Judging): Outcome {
  const same = compareValues(gold.of, given.of, judging)
  if (gold.unit === given.unit) return same
  const other = gold.unit === 'degree' ? given.unit : gold.unit
  if (other !== undefined && other !== 'radian' && other !== 'rad' && other !== 'unit')
    return wrong('structure', `the unit is ${other}, not degrees`)
  if (other === undefined && same.verdict === 'right' && !(gold.unit === undefined && holdsPi(gold.of)))
    return judging.policy.missingUnits ? same : wrong('structure', 'the sign of degrees is missing')
  return compareValues(angleOf(gold), angleOf(given), judging)
}

function holdsPi(node: Node): boolean {
  return (
    (node.kind === 'constant' && node.name === 'pi') ||
    (node.kind === 'call' && node.name.startsWith('arc')) ||
    childrenOf(node).some(holdsPi)
  )
}

function angleOf({ of, unit }: Measure): Node {
  return unit === 'degree' ? { kind: 'measure', of, unit } : of
}
