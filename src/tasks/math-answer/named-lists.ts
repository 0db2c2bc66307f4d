/** Lists of assignments, `AB = 9, CD = 4`, and what says the same: `(a, b) = (2, 5)`, `a = b = 1`. Names that come again make a list of tuples. */
import { identityOf, type Node } from './node.ts'
import { inAnyOrder, inOrder, type Judging, type Outcome, undecided, wrong } from './outcome.ts'

type NamedList = Extract<Node, { kind: 'list' }>

export function isNamedList(node: Node): node is NamedList {
  return node.kind === 'list' && node.items.length > 1 && node.items.every((item) => nameOf(item) !== undefined)
}

function nameOf(node: Node): string | undefined {
  return node.kind === 'relation' && node.signs.join() === '=' ? identityOf(node.sides[0] as Node) : undefined
}

function valueOf(node: Node): Node {
  return node.kind === 'relation' ? (node.sides.at(-1) as Node) : node
}

/** `(a, b) = (2, 5)` as a = 2, b = 5; undefined for other nodes. */
export function namedParts(node: Node): Node | undefined {
  if (node.kind !== 'relation' || node.signs.join() !== '=') return undefined
  const [names, values] = node.sides
  if (names?.kind !== 'group' || values?.kind !== 'group' || names.items.length !== values.items.length) return undefined
  if (values.open !== '(' || values.close !== ')' || !names.items.every(({ kind }) => kind === 'symbol')) return undefined
  return listed(names.items.map((name, i): Node => ({ kind: 'relation', sides: [name, values.items[i] as Node], signs: ['='] })))
}

/** `a = b = 1` as a = 1, b = 1. */
export function unchained(node: Node): Node {
  if (node.kind !== 'relation' || node.sides.length < 3 || node.signs.some((sign) => sign !== '=')) return node
  const [names, value] = [node.sides.slice(0, -1), node.sides.at(-1) as Node]
  if (!names.every(({ kind }) => kind === 'symbol')) return node
  return listed(names.map((name): Node => ({ kind: 'relation', sides: [name, value], signs: ['='] })))
}

/** Compares two answers of which one at least is such a list. */
export function compareNamed(gold: Node, given: Node, judging: Judging): Outcome {
  const [golds, givens] = [itemsOf(gold), itemsOf(given)]
  const [tuples, others] = [tuplesOf(golds), tuplesOf(givens)]
  if (isNamedList(gold) && isNamedList(given) && (tuples === undefined || others === undefined)) {
    const isOther = isDistinct(golds) && jointOf(gold) !== jointOf(given) && [jointOf(gold), jointOf(given)].includes('or')
    return isOther ? wrong('structure', 'one says and, the other or') : inAnyOrder(golds, givens, 'list', judging)
  }
  if (!judging.policy.assignment) return wrong('structure', 'one is a list of equations, the other is not')
  if (tuples !== undefined || others !== undefined) return judging.compare(tuples ?? gold, others ?? given, judging)
  const [named, other] = isNamedList(gold) ? [golds, given] : [givens, gold]
  const isTuple = other.kind === 'group' && other.open === '(' && other.close === ')'
  const isUnordered = !isDistinct(named) || isIndexed(named) || !isNamedList(gold)
  if (other.kind === 'list' || (other.kind === 'group' && other.open === '{')) {
    const [a, b] = isNamedList(gold) ? [listed(golds.map(valueOf)), given] : [gold, listed(givens.map(valueOf))]
    return isUnordered ? judging.compare(a, b, judging) : inOrder(itemsOf(a), itemsOf(b), 'list', judging)
  }
  if (!isTuple || !isDistinct(named)) return wrong('structure', 'one is a list of equations, the other is not')
  if (!isNamedList(gold) && !isSorted(named)) return undecided('structure', 'the names are in another order than the alphabet')
  return inOrder(golds.map(valueOf), givens.map(valueOf), 'list', judging)
}

function listed(items: readonly Node[]): Node {
  return { kind: 'list', items }
}

function itemsOf(node: Node): readonly Node[] {
  return node.kind === 'list' || node.kind === 'group' ? node.items : [node]
}

function isDistinct(items: readonly Node[]): boolean {
  return new Set(items.map(nameOf)).size === items.length
}

/** x_1 and x_2 are names of the same. */
function isIndexed(items: readonly Node[]): boolean {
  return new Set(items.map((item) => /"name":"([^"]+)_\w+"/.exec(nameOf(item) ?? '')?.[1] ?? nameOf(item))).size === 1
}

function isSorted(items: readonly Node[]): boolean {
  const names = items.map((item) => nameOf(item) ?? '')
  return names.every((name, i) => i === 0 || name > (names[i - 1] as string))
}

/** `x = 3, y = 4 or x = 4, y = 3` as (3, 4), (4, 3), the values in the order of their names; undefined where no two names come again together. */
function tuplesOf(items: readonly Node[]): Node | undefined {
  const names = items.map(nameOf)
  const size = names.indexOf(names[0], 1)
  if (size < 2 || names.includes(undefined) || items.length % size !== 0) return undefined
  const blocks = Array.from({ length: items.length / size }, (_, i) => items.slice(i * size, (i + 1) * size))
  const sorted = blocks.map((block) => block.toSorted((a, b) => ((nameOf(a) as string) < (nameOf(b) as string) ? -1 : 1)))
  const isSame = sorted.every((block) => isDistinct(block) && block.every((item, i) => nameOf(item) === nameOf(sorted[0]?.[i] as Node)))
  return isSame ? listed(sorted.map((block): Node => ({ kind: 'group', open: '(', close: ')', items: block.map(valueOf) }))) : undefined
}

function jointOf(node: Node): 'and' | 'or' {
  return node.kind === 'list' && node.joint === 'or' ? 'or' : 'and'
}
