/** Values with units: the same kind of unit is converted, another kind is wrong, a missing one is what the policy says. */
import { units } from './names.ts'
import type { Node } from './node.ts'
import { type Judging, type Outcome, wrong } from './outcome.ts'
import { compareValues } from './values.ts'

/** Compares what stands before the units, once the units are dealt with. */
export function compareMeasures(gold: Node, given: Node, judging: Judging): Outcome {
  const a = measureOf(gold)
  const b = measureOf(given)
  if (a.unit === 'percent' || b.unit === 'percent') return comparePercent(a, b, judging)
  if (a.unit === 'degree' || b.unit === 'degree') return compareDegrees(a, b, judging)
  const known = kindOf(a.unit)
  const other = kindOf(b.unit)
  if (a.unit !== undefined && known === undefined) return compareValues(a.of, b.of, judging) // a word of no measure, `3 apples`
  if (known === undefined && other === undefined) return compareValues(a.of, b.of, judging)
  if (known !== undefined && other !== undefined) {
    if (known.kind !== other.kind) return wrong('structure', `the unit is ${b.unit}, not ${a.unit}`)
    return compareValues(scaled(a.of, known.size), scaled(b.of, other.size), judging)
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

/** What a unit measures, and how many of the smallest one it is. `unit` itself and words that are none have no kind. */
function kindOf(unit: string | undefined): { readonly kind: string; readonly size: number } | undefined {
  const [, name = '', power = '1'] = /^(.*?)(?:\^([23]))?$/.exec(unit ?? '') ?? []
  const known = units.get(name)
  if (known === undefined || known[0] === 'plain') return undefined
  return { kind: `${known[0]}${power}`, size: known[1] ** Number(power) }
}

function scaled(of: Node, size: number): Node {
  const text = String(size)
  const [whole = '', fraction = ''] = text.split('.')
  const value = { numerator: BigInt(whole + fraction), denominator: 10n ** BigInt(fraction.length) }
  return size === 1 ? of : { kind: 'product', factors: [of, { kind: 'number', value }] }
}

function comparePercent(gold: Measure, given: Measure, judging: Judging): Outcome {
  const { policy } = judging
  if ([gold.unit, given.unit].some((unit) => unit !== undefined && unit !== 'percent'))
    return wrong('structure', 'one is a percentage, the other has a unit')
  const same = compareValues(gold.of, given.of, judging)
  const hasBoth = gold.unit === given.unit
  if (hasBoth || (same.verdict === 'right' && policy.percentAsNumber)) return same
  const fraction = compareValues(shareOf(gold), shareOf(given), judging)
  return fraction.verdict !== 'right' || policy.percentAsFraction ? fraction : wrong('structure', 'the percent sign is missing')
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
  if (other === undefined && same.verdict === 'right')
    return judging.policy.missingUnits ? same : wrong('structure', 'the sign of degrees is missing')
  return compareValues(angleOf(gold), angleOf(given), judging)
}

function angleOf({ of, unit }: Measure): Node {
  return unit === 'degree' ? { kind: 'measure', of, unit } : of
}
