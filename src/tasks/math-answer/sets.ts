/** Sets of real numbers: intervals, unions, inequalities in one variable and single points, as spans in order. */
import { isReal } from './complex.ts'
import { childrenOf, type Node, type RelationSign, variablesOf } from './node.ts'
import { numericValue } from './numeric.ts'
import { type Judging, type Outcome, right, together, wrong } from './outcome.ts'
import type { Work } from './work.ts'

interface Span {
  readonly low: Node
  readonly high: Node
  readonly isLowOpen: boolean
  readonly isHighOpen: boolean
}

const infinity: Node = { kind: 'constant', name: 'infinity' }
const minusInfinity: Node = { kind: 'negative', of: infinity }
const line: Span = { low: minusInfinity, high: infinity, isLowOpen: true, isHighOpen: true }

/** Whether a node can only be a set of real numbers; (0, 9) may also be a point. */
export function isSet(node: Node): boolean {
  if (node.kind === 'union' || isLine(node)) return true
  if (node.kind === 'group')
    return node.items.length === 2 && node.open !== '{' && (`${node.open}${node.close}` !== '()' || node.items.some(isInfinite))
  return false
}

/** Compares two sets of real numbers; undefined when one of them is none. */
export function compareSets(gold: Node, given: Node, judging: Judging): Outcome | undefined {
  const wanted = sorted(spansOf(gold, judging.work), judging.work)
  const found = wanted && sorted(spansOf(given, judging.work), judging.work)
  if (wanted === undefined || found === undefined) return undefined
  if (wanted.length !== found.length) return wrong('structure', `the set has ${found.length} parts, not ${wanted.length}`)
  const outcomes: Outcome[] = []
  for (const [index, span] of wanted.entries()) {
    const other = found[index] as Span
    const sameEnds =
      (span.isLowOpen === other.isLowOpen || isInfinite(span.low)) && (span.isHighOpen === other.isHighOpen || isInfinite(span.high))
    if (!sameEnds) return wrong('structure', 'an end of an interval is open in one and closed in the other')
    outcomes.push(judging.compare(span.low, other.low, judging), judging.compare(span.high, other.high, judging))
  }
  return together(outcomes, 'set')
}

/** Infinity with its sign; right, wrong or neither of the two is infinite. */
export function compareInfinite(gold: Node, given: Node): Outcome | undefined {
  if (!isInfinite(gold) && !isInfinite(given)) return undefined
  const isSame = isInfinite(gold) && isInfinite(given) && (gold.kind === 'negative') === (given.kind === 'negative')
  return isSame ? right('structure', 'both are infinite') : wrong('structure', 'one is infinite')
}

function isInfinite(node: Node): boolean {
  if (node.kind === 'negative') return isInfinite(node.of)
  return node.kind === 'constant' && node.name === 'infinity'
}

function isLine(node: Node): boolean {
  return node.kind === 'text' && /^(?:all )?real(?:s| numbers?)$|^R$/.test(node.words)
}

function spansOf(node: Node, work: Work): readonly Span[] | undefined {
  if (isLine(node)) return [line]
  if (node.kind === 'union') return unionOf(node.parts, work)
  if (node.kind === 'relation') return magnitudeSpans(node, work) ?? relationSpans(node.sides, node.signs)
  if (node.kind === 'group') {
    if (node.open === '{') return node.items.map((item) => pointSpan(item))
    return node.items.length === 2 && node.close !== '}' ? [intervalOf(node.open, node.items, node.close)] : undefined
  }
  if (node.kind !== 'list') return undefined
  return joinedSpans(node, work)
}

/** Conditions on one variable: any of them with `or`, all of them with `and`; with a comma all where they overlap, else any. */
function joinedSpans({ items, joint }: Extract<Node, { kind: 'list' }>, work: Work): readonly Span[] | undefined {
  const names = items.map((item) => variablesOf(item).join())
  const isCondition = items.some((item) => item.kind === 'relation' && !item.signs.includes('='))
  if (!isCondition || names.some((name) => name !== names[0])) return undefined
  const parts = items.map((item) => (item.kind === 'relation' ? conditionSpans(item, work) : undefined))
  if (parts.includes(undefined)) return undefined
  const [first = [], ...others] = parts as Span[][]
  let all = [...first]
  for (const part of others) {
    const both = joint === 'or' ? [] : all.flatMap((a) => part.flatMap((b) => intersection(a, b, work) ?? []))
    if (joint === 'and' || both.length > 0) all = both
    else all.push(...part)
  }
  return all
}

/** As in `spansOf`, and a point for `x = 1`. */
function conditionSpans(item: Extract<Node, { kind: 'relation' }>, work: Work): readonly Span[] | undefined {
  const [name, value] = item.sides
  const isPoint = item.signs.join() === '=' && name?.kind === 'symbol' && value !== undefined && variablesOf(value).length === 0
  return isPoint ? [pointSpan(value)] : spansOf(item, work)
}

/** Undefined where nothing is in both. */
function intersection(a: Span, b: Span, work: Work): Span | undefined {
  const [lowA, lowB, highA, highB] = [a.low, b.low, a.high, b.high].map((end) => placeOf(end, work)) as [number, number, number, number]
  const isLowA = lowA > lowB || (lowA === lowB && a.isLowOpen)
  const isHighA = highA < highB || (highA === highB && a.isHighOpen)
  const [low, high] = [isLowA ? a : b, isHighA ? a : b]
  const [from, to] = [Math.max(lowA, lowB), Math.min(highA, highB)]
  if (!(from < to || (from === to && !low.isLowOpen && !high.isHighOpen))) return undefined
  return { low: low.low, isLowOpen: low.isLowOpen, high: high.high, isHighOpen: high.isHighOpen }
}

function pointSpan(at: Node): Span {
  return { low: at, high: at, isLowOpen: false, isHighOpen: false }
}

function intervalOf(open: string, items: readonly Node[], close: string): Span {
  return { low: items[0] as Node, high: items[1] as Node, isLowOpen: open === '(', isHighOpen: close === ')' }
}

/** All parts together; a part behind \setminus is taken out where it is points. */
function unionOf(parts: readonly Node[], work: Work): readonly Span[] | undefined {
  let spans: Span[] = []
  for (const part of parts) {
    const isOut = part.kind === 'negative'
    const more = sorted(spansOf(isOut ? part.of : part, work), work)
    if (more === undefined) return undefined
    const [whole] = spans
    if (!isOut) spans.push(...more)
    else if (whole === undefined || spans.length > 1) return undefined
    else spans = without(whole, more)
  }
  return spans
}

function without(whole: Span, points: readonly Span[]): Span[] {
  const ends = points.map(({ low }) => low)
  return [whole.low, ...ends].map((low, index) => ({
    low,
    high: ends[index] ?? whole.high,
    isLowOpen: index > 0 || whole.isLowOpen,
    isHighOpen: index < ends.length || whole.isHighOpen,
  }))
}

/** `x > 2`, `2 < x \le 5`, `x \ne 3`, `x \in [0, 1]`: a chain with the variable alone in its place. */
function relationSpans(sides: readonly Node[], signs: readonly RelationSign[]): readonly Span[] | undefined {
  const [left, middle, third] = sides
  const [sign, next] = signs
  if (left === undefined || middle === undefined || sign === undefined || sides.length > 3) return undefined
  if (third !== undefined && next !== undefined) {
    const [a, b] = [boundOf(middle, left, flipped(sign)), boundOf(middle, third, next)]
    if (a === undefined || b === undefined || (a.low === minusInfinity) === (b.low === minusInfinity)) return undefined
    const [low, high] = a.low === minusInfinity ? [b, a] : [a, b]
    return [{ low: low.low, isLowOpen: low.isLowOpen, high: high.high, isHighOpen: high.isHighOpen }]
  }
  const [variable, bound, direction] = isVariable(left) ? [left, middle, sign] : [middle, left, flipped(sign)]
  if (direction === '!=' && isVariable(variable) && variablesOf(bound).length === 0) return without(line, [pointSpan(bound)])
  const span = boundOf(variable, bound, direction)
  return span && [span]
}

/** `|x| < 5`, `1 \le |x| \le 2`: what the magnitude may be, on both sides of zero. */
function magnitudeSpans({ sides, signs }: Extract<Node, { kind: 'relation' }>, work: Work): readonly Span[] | undefined {
  const isMagnitude = (side: Node): boolean => side.kind === 'call' && side.name === 'abs' && side.args.every(isVariable)
  if (!sides.some(isMagnitude) || signs.includes('!=')) return undefined
  const [span, ...others] =
    relationSpans(
      sides.map((side) => (isMagnitude(side) ? (childrenOf(side)[0] as Node) : side)),
      signs,
    ) ?? []
  if (span === undefined || others.length > 0) return undefined
  const mirrored = { low: negated(span.high), high: negated(span.low), isLowOpen: span.isHighOpen, isHighOpen: span.isLowOpen }
  if (isInfinite(span.low)) return [{ ...mirrored, high: span.high, isHighOpen: span.isHighOpen }]
  return placeOf(span.low, work) > 0 ? [mirrored, span] : undefined
}

function negated(node: Node): Node {
  return node.kind === 'negative' ? node.of : { kind: 'negative', of: node }
}

function boundOf(variable: Node, bound: Node, sign: RelationSign): Span | undefined {
  if (!isVariable(variable) || variablesOf(bound).length > 0) return undefined
  if (sign === '<' || sign === '<=') return { ...line, high: bound, isHighOpen: sign === '<' }
  return sign === '>' || sign === '>=' ? { ...line, low: bound, isLowOpen: sign === '>' } : undefined
}

/** A variable, or a function of one of which only the name is known. */
function isVariable(node: Node): boolean {
  return node.kind === 'symbol' || (node.kind === 'call' && /^[fgh]$/.test(node.name))
}

export function flipped(sign: RelationSign): RelationSign {
  const other = { '<': '>', '>': '<', '<=': '>=', '>=': '<=', '=': '=', '!=': '!=', '~': '~', in: 'in' } as const
  return other[sign]
}

/** From left to right, where the ends are numbers. */
function sorted(spans: readonly Span[] | undefined, work: Work): readonly Span[] | undefined {
  if (spans === undefined || spans.length < 2) return spans
  const placed = spans.map((span) => ({ span, at: placeOf(span.low, work) }))
  return placed.some(({ at }) => Number.isNaN(at)) ? spans : placed.sort((a, b) => a.at - b.at).map(({ span }) => span)
}

function placeOf(end: Node, work: Work): number {
  if (isInfinite(end)) return end.kind === 'negative' ? -Infinity : Infinity
  const value = numericValue(end, new Map(), work)
  return value && isReal(value) ? value.re.toNumber() : Number.NaN
}
