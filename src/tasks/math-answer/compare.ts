/** Whether an answer that was read is the gold answer: by what the two are. */
import { asMatrix } from './matrix-values.ts'
import { compareMeasures } from './measures.ts'
import { compareNamed, isNamedList, namedParts, unchained } from './named-lists.ts'
import { holds, isValue, type Node, withChildren } from './node.ts'
import { inAnyOrder, inOrder, type Judging, type Outcome, right, wrong } from './outcome.ts'
import { compareRelations } from './relations.ts'
import { compareInfinite, compareSets, isSet } from './sets.ts'
import { textForm } from './texts.ts'
import { spend } from './work.ts'

/** Compares two trees. */
export function compareNodes(gold: Node, given: Node, judging: Judging): Outcome {
  spend(judging.work, 1)
  const [first, second] = [unfolded(gold), unfolded(given)]
  const a = asMatrix(isParts(second) ? unchained(first) : first, judging.work)
  const b = asMatrix(isParts(first) ? unchained(second) : second, judging.work)
  if (a.kind === 'text' || b.kind === 'text') return compareWords(a, b, judging)
  if (a.kind === 'list' && b.kind === 'list') {
    const sets = compareSets(a, b, judging)
    if (sets !== undefined) return sets
  }
  if (isNamedList(a) || isNamedList(b)) return compareNamed(a, b, judging)
  if (a.kind === 'relation' || b.kind === 'relation') return compareRelations(a, b, judging)
  if (isSet(a) || isSet(b)) return compareSets(a, b, judging) ?? compareUnlike(a, b, judging)
  if (a.kind === 'matrix' || b.kind === 'matrix') return compareMatrices(a, b, judging)
  if (a.kind === 'ratio' || b.kind === 'ratio') return compareRatios(a, b, judging)
  if (holds(a, 'based') || holds(b, 'based')) return compareBased(a, b, judging)
  if (isParts(a) || isParts(b)) return compareParts(a, b, judging)
  if (!isValue(a) || !isValue(b)) return wrong('structure', `the answer is ${kindText(b)}, not ${kindText(a)}`)
  return compareInfinite(a, b) ?? compareMeasures(a, b, judging)
}

function kindText({ kind }: Node): string {
  const names: Partial<Record<Node['kind'], string>> = {
    group: 'a tuple, interval or set',
    list: 'a list',
    relation: 'a relation',
    text: 'words',
  }
  return names[kind] ?? 'a value'
}

/** Both signs of \pm as items of a list; a list of one item as that item. */
function unfolded(node: Node): Node {
  if (node.kind === 'list' || (node.kind === 'group' && node.open === '{')) {
    const items = node.items.flatMap((item) => {
      const inner = item.kind === 'group' && node.kind === 'group' ? item : unfolded(item)
      return inner.kind === 'list' && item.kind !== 'list' ? inner.items : [inner]
    })
    const [only] = items
    const isOwnSet = node.kind === 'group' && (only?.kind === 'text' || (only?.kind === 'group' && only.open === '{'))
    return items.length === 1 && !isOwnSet ? (only as Node) : { ...node, items }
  }
  if (node.kind === 'relation' && node.signs.at(-1) === 'in') return unfolded(node.sides.at(-1) as Node)
  const named = namedParts(node)
  if (named !== undefined) return named
  if (!holds(node, 'plusMinus')) return node
  if (node.kind === 'relation') {
    const [name, value] = node.sides
    const isAssignment = node.signs.join() === '=' && name !== undefined && value !== undefined && !holds(name, 'plusMinus')
    return isAssignment ? unfolded(value) : node
  }
  return { kind: 'list', items: [signedBy(node, false), signedBy(node, true)] }
}

/** The tree with every \pm as + or -. */
function signedBy(node: Node, isMinus: boolean): Node {
  const by = (child: Node): Node => signedBy(child, isMinus)
  if (node.kind !== 'plusMinus') return withChildren(node, by)
  return node.flipped === isMinus ? by(node.of) : { kind: 'negative', of: by(node.of) }
}

function compareWords(gold: Node, given: Node, judging: Judging): Outcome {
  if (isSet(gold) || isSet(given)) {
    const sets = compareSets(gold, given, judging)
    if (sets !== undefined) return sets
  }
  if (gold.kind !== 'text' || given.kind !== 'text') return wrong('text', 'one is words, the other is not')
  return textForm(gold.words) === textForm(given.words) ? right('text', 'the same words') : wrong('text', 'other words')
}

/** An interval beside what is no set of numbers: a list of its ends is another thing. */
function compareUnlike(gold: Node, given: Node, judging: Judging): Outcome {
  const isList = [gold, given].some((node) => node.kind === 'list' || (node.kind === 'group' && node.open === '{'))
  return isList ? wrong('structure', 'one is an interval, the other is not') : compareParts(gold, given, judging)
}

function isParts(node: Node): node is Extract<Node, { kind: 'list' | 'group' }> {
  return node.kind === 'list' || node.kind === 'group'
}

/** Lists, sets and tuples. A list of items has an order only where the policy says so; brackets mean what they say. */
function compareParts(gold: Node, given: Node, judging: Judging): Outcome {
  if (!isParts(gold) || !isParts(given)) return wrong('structure', `the answer is ${kindText(given)}, not ${kindText(gold)}`)
  const isTuple = gold.kind === 'group' && gold.open !== '{'
  if (isTuple) {
    const isOther = given.kind === 'group' && (given.open !== gold.open || given.close !== gold.close)
    if (isOther) return wrong('structure', 'the brackets differ')
    if (given.kind === 'list' && given.joint === 'or') return wrong('structure', 'one of several values is no tuple')
    return inOrder(gold.items, given.items, 'tuple', judging)
  }
  if (gold.kind === 'group' && given.kind === 'group' && given.open !== '{') return wrong('structure', 'one is a set, the other is not')
  const isASet = [gold, given].some((node) => node.kind === 'group' && node.open === '{')
  const a = isASet ? distinct(gold.items, judging) : gold.items
  const isRepeated = given.items.length > a.length && (isASet || distinct(a, judging).length === a.length)
  const b = isRepeated ? distinct(given.items, judging) : given.items
  return isASet || judging.policy.anyOrder ? inAnyOrder(a, b, 'list', judging) : inOrder(a, b, 'list', judging)
}

function distinct(items: readonly Node[], judging: Judging): readonly Node[] {
  const kept: Node[] = []
  for (const item of items) if (!kept.some((other) => judging.compare(other, item, judging).verdict === 'right')) kept.push(item)
  return kept
}

/** Entry by entry; a column or a row is a tuple too. */
function compareMatrices(gold: Node, given: Node, judging: Judging): Outcome {
  const a = rowsOf(gold)
  const b = rowsOf(given)
  if (a === undefined || b === undefined) return wrong('structure', `the answer is ${kindText(given)}, not a matrix`)
  const isVector = gold.kind !== given.kind && [a, b].every((rows) => rows.length === 1 || rows.every((row) => row.length === 1))
  if (!isVector && (a.length !== b.length || a.some((row, index) => row.length !== b[index]?.length)))
    return wrong('structure', 'the shapes differ')
  return inOrder(a.flat(), b.flat(), 'matrix', judging)
}

function rowsOf(node: Node): readonly (readonly Node[])[] | undefined {
  if (node.kind === 'matrix') return node.rows
  return node.kind === 'group' && node.open !== '{' ? [node.items] : undefined
}

/** Equal when the quotients of neighbours are. A time that could be a ratio is compared without scaling. */
function compareRatios(gold: Node, given: Node, judging: Judging): Outcome {
  const a = gold.kind === 'ratio' ? gold.parts : undefined
  const b = given.kind === 'ratio' ? given.parts : undefined
  const same = a && b ? inOrder(a, b, 'ratio', judging) : undefined
  if (same?.verdict === 'right') return same
  if (a === undefined || b === undefined) {
    const [ratio, other] = a === undefined ? [b, gold] : [a, given]
    if (ratio?.length !== 2 || other.kind === 'list') return wrong('structure', 'one is a ratio, the other is not')
    const quotient = quotients(ratio)[0] as Node
    return a === undefined ? judging.compare(gold, quotient, judging) : judging.compare(quotient, given, judging)
  }
  const scaled = inOrder(quotients(a), quotients(b), 'ratio', judging)
  return scaled.verdict === 'undecided' && same !== undefined ? same : scaled
}

function quotients(parts: readonly Node[]): Node[] {
  return parts.slice(1).map((under, index) => ({ kind: 'quotient', over: parts[index] as Node, under }))
}

/** Digits with a base: the same digits in the same base; a missing base is what the policy says. */
function compareBased(gold: Node, given: Node, judging: Judging): Outcome {
  const [a, b] = [digitsOf(gold), digitsOf(given)]
  if (a === undefined || b === undefined) return wrong('structure', 'one is digits in a base, the other is not')
  if (a.digits !== b.digits) return wrong('exact', `the digits are ${b.digits}, not ${a.digits}`)
  if (a.base === b.base) return right('exact', `${a.digits} in base ${a.base}`)
  if (b.base === undefined)
    return judging.policy.missingBase ? right('exact', `the digits ${a.digits}`) : wrong('structure', 'the base is missing')
  return a.base === undefined && b.base === 10
    ? right('exact', 'base 10')
    : wrong('structure', `the base is ${b.base}, not ${a.base ?? 10}`)
}

function digitsOf(node: Node): { readonly digits: string; readonly base: number | undefined } | undefined {
  if (node.kind === 'negative') {
    const inner = digitsOf(node.of)
    return inner && { ...inner, digits: `-${inner.digits}` }
  }
  if (node.kind === 'based') return node
  if (node.kind === 'text' && /^[0-9A-Z]+$/.test(node.words)) return { digits: node.words, base: undefined }
  return node.kind === 'number' && node.value.denominator === 1n ? { digits: String(node.value.numerator), base: undefined } : undefined
}
