/** Equations and inequalities: assignments by what they assign, others up to scaling and turning round. */
import { childrenOf, holds, identityOf, type Node, type RelationSign, variablesOf, wholeNumber, withChildren } from './node.ts'
import { add, magnitude, negate } from './complex.ts'
import { numericValue } from './numeric.ts'
import { D } from './real-functions.ts'
import { inOrder, type Judging, type Outcome, wrong } from './outcome.ts'
import { compareSets, flipped } from './sets.ts'
import { compareValues } from './values.ts'

type Relation = Extract<Node, { kind: 'relation' }>

/** Compares two answers of which one at least is a relation. */
export function compareRelations(gold: Node, given: Node, judging: Judging): Outcome {
  if (given.kind === 'relation' && isContradiction(given, judging)) return wrong('structure', 'what it calls equal is not')
  const a = settled(gold)
  const b = settled(given)
  if (a.kind !== 'relation' && b.kind !== 'relation') return judging.compare(a, b, judging)
  if (a.kind === 'relation' && b.kind === 'relation') return compareBoth(a, b, judging)
  const sets = compareSets(a, b, judging)
  if (sets !== undefined) return sets
  const [relation, other] = a.kind === 'relation' ? [a, b] : [b as Relation, a]
  const assigned = assignedBy(relation)
  if (assigned === undefined || !judging.policy.assignment) return wrong('structure', 'one is a relation, the other is not')
  return a.kind === 'relation' ? judging.compare(assigned, other, judging) : judging.compare(other, assigned, judging)
}

/** Without what follows an approximation, and without `x \in` before a set; a chain of numbers is its last one. */
function settled(node: Node): Node {
  if (node.kind !== 'relation') return node
  const cut = node.signs.indexOf('~')
  const isNamed = node.sides[0] !== undefined && isName(node.sides[0])
  const keep = cut < 0 ? node.sides.length : cut === 0 && isNamed ? 2 : cut + 1
  const sides = node.sides.slice(0, keep)
  const signs = node.signs.slice(0, keep - 1).map((sign) => (sign === '~' ? '=' : sign))
  const last = sides.at(-1) as Node
  if (sides.length === 1 || signs.at(-1) === 'in') return last
  const isNumeric = signs.every((sign) => sign === '=') && sides.every((side) => variablesOf(side).length === 0 && !isName(side))
  return isNumeric ? last : { kind: 'relation', sides, signs }
}

/** Numbers that a chain without a name calls equal and that differ, those that it calls nearly equal by more than a part in fifty. */
function isContradiction({ sides, signs }: Relation, { work }: Judging): boolean {
  if (!signs.every((sign) => sign === '=' || sign === '~') || sides.some((side) => isName(side) || variablesOf(side).length > 0))
    return false
  const values = sides.map((side) => numericValue(side, new Map(), work))
  return signs.some((sign, i) => {
    const [a, b] = [values.slice(0, i + 1).findLast((value) => value !== undefined), values[i + 1]]
    if (a === undefined || b === undefined) return false
    const size = D.max(magnitude(a), magnitude(b))
    return magnitude(add(a, negate(b))).gt(size.times(sign === '=' ? '1e-5' : '0.02'))
  })
}

/** What `x = 5`, `f(x) = x + 1` or `(p, q) = (1, 2)` says; of a longer chain, its last side. */
function assignedBy({ sides, signs }: Relation): Node | undefined {
  const isEquation = signs.every((sign) => sign === '=')
  const [first, last] = [sides[0], sides.at(-1)]
  if (!isEquation || first === undefined || last === undefined) return undefined
  if (isName(first) || (sides.length > 2 && variablesOf(last).length === 0)) return last
  return sides.length === 2 && isName(last) && variablesOf(first).length === 0 ? first : undefined
}

/** A variable, a segment like AB, f(x), or variables in brackets. */
function isName(node: Node): boolean {
  if (node.kind === 'symbol' || node.kind === 'text') return true
  if (node.kind === 'product') return node.factors.length <= 3 && node.factors.every(({ kind }) => kind === 'symbol')
  if (node.kind === 'call') return /^[fgh]$/.test(node.name) || (variablesOf(node).length > 0 && node.args.every(isNameOrNumber))
  if (node.kind === 'power') return node.base.kind === 'symbol' && node.exponent.kind === 'negative' // an inverse
  return (node.kind === 'quotient' || node.kind === 'ratio' || node.kind === 'group') && childrenOf(node).every(isName)
}

function isNameOrNumber(node: Node): boolean {
  return isName(node) || node.kind === 'number'
}

function compareBoth(gold: Relation, given: Relation, judging: Judging): Outcome {
  const [a, b] = [assignedBy(gold), assignedBy(given)]
  if (a && b && sameName(gold, given)) {
    const assigned = judging.compare(a, b, judging)
    if (assigned.verdict === 'right' || holds(a, 'measure') || holds(b, 'measure')) return assigned
  }
  const sets = compareSets(gold, given, judging)
  if (sets !== undefined && sameVariables(gold, given)) return sets
  if (gold.sides.length > 2 || given.sides.length > 2) return compareChains(gold, given, judging)
  return compareScaled(gold, given, judging)
}

function sameVariables(a: Node, b: Node): boolean {
  return variablesOf(a).join() === variablesOf(b).join()
}

function sameName(gold: Relation, given: Relation): boolean {
  const [a, b] = [gold.sides.find(isName), given.sides.find(isName)]
  return a !== undefined && b !== undefined && identityOf(a) === identityOf(b)
}

/** Side by side, or turned round. */
function compareChains(gold: Relation, given: Relation, judging: Judging): Outcome {
  const same = (signs: readonly RelationSign[]): boolean => signs.join() === gold.signs.join()
  if (same(given.signs)) {
    const straight = inOrder(gold.sides, given.sides, 'relation', judging)
    if (straight.verdict === 'right') return straight
  }
  if (same(given.signs.map(flipped).toReversed())) return inOrder(gold.sides, given.sides.toReversed(), 'relation', judging)
  return wrong('structure', 'the relations differ')
}

/**
 * Left side minus right side, up to a factor: f and g are proportional when f(x) g(y) = f(y) g(x) for any two points x and y. The second
 * point is the first one with every variable renamed. An inequality turns with the sign of the factor.
 */
function compareScaled(gold: Relation, given: Relation, judging: Judging): Outcome {
  const sign = gold.signs[0] as RelationSign
  const other = given.signs[0] as RelationSign
  if (!sameVariables(gold, given)) return wrong('structure', 'the variables differ')
  const f = differenceOf(gold)
  const g = differenceOf(given)
  const cross = (left: Node, right: Node): Node => ({ kind: 'product', factors: [left, renamed(right)] })
  if (compareValues(wholeNumber(0n), g, judging).verdict === 'right') return wrong('identity', 'both of its sides are always equal')
  const proportional = compareValues(cross(f, g), cross(g, f), judging)
  if (proportional.verdict !== 'right') return { ...proportional, why: `not the same relation up to a factor: ${proportional.why}` }
  if (sign === other && (sign === '=' || sign === '!=')) return proportional
  const isTurned = sign === flipped(other) && sign !== other
  if (sign !== other && !isTurned) return wrong('structure', `the relation is ${other}, not ${sign}`)
  const ratio: Node = { kind: 'quotient', over: g, under: f }
  const size: Node = { kind: 'call', name: 'abs', args: [ratio] }
  return judging.compare(isTurned ? { kind: 'negative', of: size } : size, ratio, judging)
}

function differenceOf({ sides }: Relation): Node {
  return { kind: 'sum', terms: [sides[0] as Node, { kind: 'negative', of: sides[1] as Node }] }
}

/** The tree with a second set of variables. */
function renamed(node: Node): Node {
  return node.kind === 'symbol' ? { kind: 'symbol', name: `${node.name}'` } : withChildren(node, renamed)
}
