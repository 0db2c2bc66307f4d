/** Sums, multiples, products and transposes of matrices, carried out entry by entry: the entries become expressions, and comparing them is values.ts's business. */
import { exactValue } from './exact.ts'
import { childrenOf, holds, type Node } from './node.ts'
import { spend, type Work } from './work.ts'

type Matrix = Extract<Node, { kind: 'matrix' }>
type Rows = Matrix['rows']

/** The matrix that an expression with matrices in it makes; any other node as it is, shapes that do not fit too. */
export function asMatrix(node: Node, work: Work): Node {
  return node.kind !== 'matrix' && holds(node, 'matrix') ? (valueOf(node, work) ?? node) : node
}

function valueOf(node: Node, work: Work): Matrix | undefined {
  spend(work, 1)
  if (node.kind === 'matrix') return node
  if (node.kind === 'sum') {
    const terms = node.terms.map((term) => valueOf(term, work))
    return folded(terms, added)
  }
  if (node.kind === 'product') return product(node.factors, work)
  if (node.kind === 'power') {
    const isTurned = node.exponent.kind === 'symbol' && /^(?:T|\\top)$/.test(node.exponent.name)
    return isTurned ? transposed(valueOf(node.base, work)) : undefined
  }
  if (node.kind === 'negative') return mapped(valueOf(node.of, work), (of) => ({ kind: 'negative', of }))
  if (node.kind !== 'quotient' || holds(node.under, 'matrix')) return undefined
  return mapped(valueOf(node.over, work), (over) => ({ kind: 'quotient', over, under: node.under }))
}

/** Numbers before, behind and between the matrices multiply every entry. */
function product(factors: readonly Node[], work: Work): Matrix | undefined {
  const scalars = factors.filter((factor) => !holds(factor, 'matrix'))
  const matrices = factors.filter((factor) => holds(factor, 'matrix')).map((factor) => valueOf(factor, work))
  const whole = folded(matrices, (a, b) => multiplied(a, b, work))
  return scalars.length === 0 ? whole : mapped(whole, (entry) => ({ kind: 'product', factors: [...scalars, entry] }))
}

function folded(parts: readonly (Matrix | undefined)[], combine: (a: Matrix, b: Matrix) => Matrix | undefined): Matrix | undefined {
  return parts.reduce((result, part) => result && part && combine(result, part))
}

function mapped(of: Matrix | undefined, change: (entry: Node) => Node): Matrix | undefined {
  return of && { kind: 'matrix', rows: of.rows.map((row) => row.map(change)) }
}

function added(a: Matrix, b: Matrix): Matrix | undefined {
  const fits = a.rows.length === b.rows.length && a.rows.every((row, i) => row.length === b.rows[i]?.length)
  if (!fits) return undefined
  return { kind: 'matrix', rows: a.rows.map((row, i) => row.map((entry, j) => ({ kind: 'sum', terms: [entry, at(b.rows, i, j)] }))) }
}

/** Row times column. */
function multiplied(a: Matrix, b: Matrix, work: Work): Matrix | undefined {
  const [inner, columns] = [b.rows.length, b.rows[0]?.length ?? 0]
  if (!a.rows.every((row) => row.length === inner) || !b.rows.every((row) => row.length === columns)) return undefined
  spend(work, a.rows.length * inner * columns)
  const entry = (row: readonly Node[], j: number): Node => ({
    kind: 'sum',
    terms: row.map((left, k) => ({ kind: 'product', factors: [left, at(b.rows, k, j)] })),
  })
  return { kind: 'matrix', rows: a.rows.map((row) => Array.from({ length: columns }, (_, j) => reduced(entry(row, j), work))) }
}

/** A fraction as a number, so that a long product stays small; of other entries the size is charged, which doubles with every factor. */
function reduced(node: Node, work: Work): Node {
  const value = exactValue(node, new Map(), work)
  if (value !== undefined) return { kind: 'number', value }
  spend(work, sizeOf(node))
  return node
}

function sizeOf(node: Node): number {
  return childrenOf(node).reduce((sum, child) => sum + sizeOf(child), 1)
}

function transposed(of: Matrix | undefined): Matrix | undefined {
  const columns = of?.rows[0]?.length
  if (of === undefined || columns === undefined || of.rows.some((row) => row.length !== columns)) return undefined
  return { kind: 'matrix', rows: Array.from({ length: columns }, (_, j) => of.rows.map((_row, i) => at(of.rows, i, j))) }
}

function at(rows: Rows, row: number, column: number): Node {
  return rows[row]?.[column] as Node
}
