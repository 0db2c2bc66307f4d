/** What an answer's text says, as a tree. Reading it is parse.ts's business, what it is worth compare.ts's. */
import type { Rational } from '../rational.ts'

export type RelationSign = '=' | '<' | '>' | '<=' | '>=' | '!=' | '~' | 'in'

export type Node =
  | { readonly kind: 'number'; readonly value: Rational; readonly digits?: number; readonly places?: number } // both of a decimal only
  | { readonly kind: 'constant'; readonly name: 'pi' | 'e' | 'i' | 'infinity' }
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'sum'; readonly terms: readonly Node[] }
  | { readonly kind: 'product'; readonly factors: readonly Node[] }
  | { readonly kind: 'quotient'; readonly over: Node; readonly under: Node }
  | { readonly kind: 'power'; readonly base: Node; readonly exponent: Node }
  | { readonly kind: 'negative'; readonly of: Node }
  | { readonly kind: 'plusMinus'; readonly of: Node; readonly flipped: boolean }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[] }
  | { readonly kind: 'group'; readonly open: Open; readonly close: Close; readonly items: readonly Node[] } // tuple, interval or set
  | { readonly kind: 'list'; readonly items: readonly Node[]; readonly joint?: 'and' | 'or' } // words between them
  | { readonly kind: 'union'; readonly parts: readonly Node[] }
  | { readonly kind: 'relation'; readonly sides: readonly Node[]; readonly signs: readonly RelationSign[] }
  | { readonly kind: 'matrix'; readonly rows: readonly (readonly Node[])[] }
  | { readonly kind: 'based'; readonly digits: string; readonly base: number } // digits with their sign
  | { readonly kind: 'measure'; readonly of: Node; readonly unit: string }
  | { readonly kind: 'ratio'; readonly parts: readonly Node[] }
  | { readonly kind: 'text'; readonly words: string }

/** Items side by side, with the word that joins them. */
export interface Items extends Array<Node> {
  joint?: 'and' | 'or'
}

export function listOf(items: Items): Node {
  return { kind: 'list', items, ...(items.joint && { joint: items.joint }) }
}

export function wholeNumber(value: bigint): Node {
  return { kind: 'number', value: { numerator: value, denominator: 1n } }
}

export type Open = '(' | '[' | '{'
export type Close = ')' | ']' | '}'

/** The parts of a node, in order. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'sum':
      return node.terms
    case 'product':
      return node.factors
    case 'quotient':
      return [node.over, node.under]
    case 'power':
      return [node.base, node.exponent]
    case 'negative':
    case 'plusMinus':
    case 'measure':
      return [node.of]
    case 'call':
      return node.args
    case 'group':
    case 'list':
      return node.items
    case 'union':
    case 'ratio':
      return node.parts
    case 'relation':
      return node.sides
    case 'matrix':
      return node.rows.flat()
    case 'number':
    case 'constant':
    case 'symbol':
    case 'based':
    case 'text':
      return []
    default:
      return node satisfies never
  }
}

/** The same tree with other parts. */
export function withChildren(node: Node, change: (child: Node) => Node): Node {
  switch (node.kind) {
    case 'sum':
      return { ...node, terms: node.terms.map(change) }
    case 'product':
      return { ...node, factors: node.factors.map(change) }
    case 'quotient':
      return { ...node, over: change(node.over), under: change(node.under) }
    case 'power':
      return { ...node, base: change(node.base), exponent: change(node.exponent) }
    case 'negative':
    case 'plusMinus':
    case 'measure':
      return { ...node, of: change(node.of) }
    case 'call':
      return { ...node, args: node.args.map(change) }
    case 'group':
    case 'list':
      return { ...node, items: node.items.map(change) }
    case 'union':
    case 'ratio':
      return { ...node, parts: node.parts.map(change) }
    case 'relation':
      return { ...node, sides: node.sides.map(change) }
    case 'matrix':
      return { ...node, rows: node.rows.map((row) => row.map(change)) }
    case 'number':
    case 'constant':
    case 'symbol':
    case 'based':
    case 'text':
      return node
    default:
      return node satisfies never
  }
}

/** Whether any node of the tree is of this kind. */
export function holds(node: Node, kind: Node['kind']): boolean {
  return node.kind === kind || childrenOf(node).some((child) => holds(child, kind))
}

/** Names of a tree's variables, sorted. */
export function variablesOf(node: Node): string[] {
  const names = new Set<string>()
  const visit = (at: Node): void => {
    if (at.kind === 'symbol') names.add(at.name)
    childrenOf(at).forEach(visit)
  }
  visit(node)
  return [...names].sort()
}

const structures = ['group', 'list', 'union', 'relation', 'matrix', 'ratio', 'text', 'based', 'plusMinus'] as const
const structureKinds: ReadonlySet<string> = new Set(structures)

/** What is no value of its own: it is compared by its parts, or as digits or words. */
export type Structure = Extract<Node, { readonly kind: (typeof structures)[number] }>

export function isStructure(node: Node): node is Structure {
  return structureKinds.has(node.kind)
}

/** Plain values: what can be calculated, with or without variables. */
export function isValue(node: Node): boolean {
  return !isStructure(node) && childrenOf(node).every(isValue)
}

/** A text that is the same for the same tree. */
export function identityOf(node: Node): string {
  return JSON.stringify(node, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}
