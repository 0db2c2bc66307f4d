/**
 * Reads tokens as an answer: statements side by side, each a chain of relations between unions of expressions. What an expression is
 * made of is primary.ts. Implied products bind like written ones: 1/2x is (1/2)x.
 */
import { accept, type Cursor, isAt, nested, peek } from './cursor.ts'
import { units } from './names.ts'
import { type Items, listOf, type Node, type RelationSign, wholeNumber } from './node.ts'
import { readFactor, startsFactor } from './primary.ts'
import { type Commas, type Token, tokensOf } from './tokens.ts'
import { Unreadable, type Work } from './work.ts'

const separators = [',', ';', 'and', 'or', '&']
const relations = ['=', '<', '>', '<=', '>=', '!=', '~', 'in']

/** The tree of a cleaned text. Unreadable when it is not one whole answer. */
export function parseAnswer(text: string, commas: Commas, work: Work): Node {
  const cursor: Cursor = { tokens: tokensOf(text, commas, work), work, readSum, readItems, at: 0, depth: 0, bars: 0 }
  if (isAnnouncement(cursor.tokens)) cursor.at = 1
  const items = readItems(cursor)
  accept(cursor, '.')
  if (cursor.at < cursor.tokens.length) throw new Unreadable(`${peek(cursor)?.text ?? ''} is not expected where it stands`)
  const [first] = items
  if (first === undefined) throw new Unreadable('nothing to read')
  return items.length === 1 ? first : listOf(items)
}

/** Words before an answer that only say that it is one: `\text{The answer is } 5`. */
function isAnnouncement([first, ...rest]: readonly Token[]): boolean {
  return (
    first?.kind === 'text' &&
    rest.length > 0 &&
    /(?:\b(?:is|are|equals)|[:=])\s*$/i.test(first.text) &&
    !/n[o']t\b|\b(?:no|in?correct|wrong|false|never|more|less|most|least|above|below)\b/i.test(first.text)
  )
}

/** Statements with separators between them, `3, 5, and 7`. */
function readItems(cursor: Cursor): Items {
  const items: Items = []
  for (;;) {
    for (let sign = accept(cursor, ...separators); sign !== undefined; sign = accept(cursor, ...separators)) {
      if (sign === 'or' || (sign === 'and' && items.joint === undefined)) items.joint = sign
    }
    if (peek(cursor) === undefined || isAt(cursor, ')', ']', '}', '\\}', '.')) return items
    items.push(nested(cursor, () => readStatement(cursor)))
    if (!isAt(cursor, ...separators)) return items
  }
}

function readStatement(cursor: Cursor): Node {
  const approximate = accept(cursor, '~', '=') // `\approx 8.24`
  const sides = [readUnion(cursor)]
  const signs: RelationSign[] = []
  while (isAt(cursor, ...relations)) {
    signs.push(accept(cursor, ...relations) as RelationSign)
    sides.push(withModulus(readUnion(cursor), cursor))
  }
  if (approximate !== undefined && signs.length > 0) throw new Unreadable('a relation without a left side')
  return signs.length === 0 ? (sides[0] as Node) : { kind: 'relation', sides, signs }
}

/** `1 \pmod{4}`: what it is congruent to, and the modulus; the two are told apart. */
function withModulus(of: Node, cursor: Cursor): Node {
  const token = peek(cursor)
  if (token?.kind !== 'command' || token.text !== 'pmod') return of
  cursor.at += 1
  return { kind: 'call', name: 'mod', args: [of, cursor.readSum(cursor)] }
}

function readUnion(cursor: Cursor): Node {
  const parts = lessPoints(readRatio(cursor))
  while (accept(cursor, 'cup') !== undefined) parts.push(readRatio(cursor))
  if (accept(cursor, 'setminus') !== undefined) parts.push({ kind: 'negative', of: readRatio(cursor) })
  return parts.length === 1 ? (parts[0] as Node) : { kind: 'union', parts }
}

/** `\mathbb{R} - \{2\}`: words less what stands in braces is a set without these points. */
function lessPoints(node: Node): Node[] {
  if (node.kind !== 'sum' || node.terms[0]?.kind !== 'text') return [node]
  const isLess = node.terms.slice(1).every((term) => term.kind === 'negative' && term.of.kind === 'group' && term.of.open === '{')
  return isLess ? [...node.terms] : [node]
}

function readRatio(cursor: Cursor): Node {
  const parts = [readSum(cursor)]
  while (accept(cursor, ':') !== undefined) parts.push(readSum(cursor))
  return parts.length === 1 ? (parts[0] as Node) : { kind: 'ratio', parts }
}

/** Terms with + - \pm between them. */
function readSum(cursor: Cursor): Node {
  return nested(cursor, () => {
    const terms: Node[] = []
    do {
      const sign = accept(cursor, '+', '-', 'pm', 'mp')
      const term = readProduct(cursor)
      terms.push(signed(sign, term))
    } while (isAt(cursor, '+', '-', 'pm', 'mp'))
    return terms.length === 1 ? (terms[0] as Node) : measuredSum(terms)
  })
}

/** A unit behind the last term measures the whole sum: `480 + 480\sqrt{3} feet`. */
function measuredSum(terms: readonly Node[]): Node {
  const last = terms.at(-1)
  const [of, isNegative] = last?.kind === 'negative' ? [last.of, true] : [last, false]
  const isWhole =
    of?.kind === 'measure' && !/^(?:percent|degree|dollar)$/.test(of.unit) && terms.slice(0, -1).every(({ kind }) => kind !== 'measure')
  if (!isWhole) return { kind: 'sum', terms }
  const plain: Node = isNegative ? { kind: 'negative', of: of.of } : of.of
  return { kind: 'measure', of: { kind: 'sum', terms: [...terms.slice(0, -1), plain] }, unit: of.unit }
}

function signed(sign: string | undefined, of: Node): Node {
  if (sign === '-') return of.kind === 'measure' ? { ...of, of: { kind: 'negative', of: of.of } } : { kind: 'negative', of }
  if (sign === 'pm' || sign === 'mp') return { kind: 'plusMinus', of, flipped: sign === 'mp' }
  return of
}

/** Factors with * and / between them, or nothing; words behind the last one are its unit. */
function readProduct(cursor: Cursor): Node {
  let factors: Node[] = [readSigned(cursor)]
  const whole = (): Node => (factors.length === 1 ? (factors[0] as Node) : { kind: 'product', factors })
  for (;;) {
    if (accept(cursor, '*') !== undefined) factors.push(readSigned(cursor))
    else if (accept(cursor, '/') !== undefined) factors = [{ kind: 'quotient', over: whole(), under: readSigned(cursor) }]
    else if (isUnit(cursor)) factors = [readUnit(cursor, whole())]
    else if (startsFactor(cursor)) factors = withSmaller(whole(), factors, readFactor(cursor), cursor)
    else return whole()
  }
}

/** `3 hours 30 minutes`, `6 feet 3 inches`, `22^\circ 30'`: a measure with a smaller one of its kind behind it is their sum; else a factor more. */
function withSmaller(whole: Node, factors: Node[], next: Node, cursor: Cursor): Node[] {
  if (whole.kind !== 'measure') return [...factors, next]
  if (whole.unit === 'degree' && next.kind === 'call' && next.name === 'prime')
    return [{ ...whole, of: { kind: 'sum', terms: [whole.of, { kind: 'quotient', over: next.args[0] as Node, under: wholeNumber(60n) }] } }]
  if (next.kind !== 'number' || !isUnit(cursor)) return [...factors, next]
  const smaller = readUnit(cursor, next)
  const [a, b] = [units.get(whole.unit), smaller.kind === 'measure' ? units.get(smaller.unit) : undefined]
  if (smaller.kind !== 'measure' || a === undefined || b === undefined || a[0] !== b[0] || a[1] <= b[1] || a[1] % b[1] !== 0)
    return [...factors, smaller]
  const first: Node = { kind: 'product', factors: [whole.of, wholeNumber(BigInt(a[1] / b[1]))] }
  return [{ ...smaller, of: { kind: 'sum', terms: [first, smaller.of] } }]
}

/** A factor with signs of its own before it, `2 * -3`. */
function readSigned(cursor: Cursor): Node {
  let isNegative = false
  if (accept(cursor, '\\$') !== undefined) return { kind: 'measure', of: readSigned(cursor), unit: 'dollar' }
  for (let sign = accept(cursor, '-', '+'); sign !== undefined; sign = accept(cursor, '-', '+')) isNegative = isNegative !== (sign === '-')
  if (isAt(cursor, '\\$')) return signed(isNegative ? '-' : undefined, readSigned(cursor))
  const of = readFactor(cursor)
  return isNegative ? { kind: 'negative', of } : of
}

/** Words behind a value: a unit. A factor cannot begin with words, so whatever they are they measure it. */
function isUnit(cursor: Cursor): boolean {
  const token = peek(cursor)
  return token?.kind === 'text'
    ? !/^\(?[A-Z]\)?$/.test(token.text) && !/\d/.test(token.text.replace(/\^\{?[23]\}?$/, ''))
    : token?.kind === 'word' && !/^[A-Z]{2,}$/.test(token.text)
}

/** All words in a row, with powers and `per`: `cubic inches`, `m/s`, `cm^2`. */
function readUnit(cursor: Cursor, of: Node): Node {
  const words: string[] = []
  while (isUnit(cursor) || (words.length > 0 && (isAt(cursor, '^', '/', 'degree') || isSquare(peek(cursor))))) {
    const token = peek(cursor) as Token
    cursor.at += 1
    if (token.text === '/' && !isUnit(cursor)) throw new Unreadable('a unit is expected behind /')
    if (token.kind !== 'sign' && noUnits.test(token.text)) throw new Unreadable(`${token.text.trim()} where a unit is expected`)
    words.push(token.text)
  }
  const [first = '', ...others] = words.join(' ').trim().split(/\s+/)
  const scale = scaleWords[first.toLowerCase().replace(/s$/, '')]
  if (scale === undefined) return measured(of, words)
  const scaled: Node = { kind: 'product', factors: [of, wholeNumber(scale)] }
  return others.length === 0 ? scaled : measured(scaled, others)

  function isSquare(token: Token | undefined): boolean {
    return token !== undefined && /^[-123{}]$/.test(token.text) && /^[-^{123]$/.test(words.at(-1) ?? '')
  }
}

const scaleWords: Readonly<Record<string, bigint>> = {
  ten: 10n,
  dozen: 12n,
  lakh: 10n ** 5n,
  crore: 10n ** 7n,
  hundred: 100n,
  thousand: 1000n,
  million: 10n ** 6n,
  billion: 10n ** 9n,
  trillion: 10n ** 12n,
}

/** Words that change, bound or deny what stands before them: they measure nothing. */
const noUnits = new RegExp(
  String.raw`\b(?:${[
    "not?|n't|isn't|n?either|n?or|never|cannot|can|is|are|was|be|if|unless|too|impossible|excluded|invalid|in?correct|wrong|false|extraneous|rejected",
    'else|maybe|guess|unsure|unknown|different|any|another|others?|multiples?|possib\\w*|bounds?|more|less|fewer|most|least|up|each|per$|below|short|loss|off',
    'negative|negated|inverse|reciprocal|plus|minus|times|over|divided|multiplied|doubled?|tripled?|twice|squared|cubed|factorial|root|power|point|pairs?|couples?',
    'half|halves|halved|thirds?|quarters?|fourths?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?|\\w+dths?|\\w+onths|googol|zeros?|score|gross',
    "octal|binary|hex(?:adecimal)?|decimal|modulo?|mod|o'clock",
  ].join('|')})(?![\w'])`,
  'i',
)

/** A value with its unit; what is dollars already stays so. */
function measured(of: Node, words: readonly string[]): Node {
  return of.kind === 'measure' && of.unit === 'dollar' ? of : { kind: 'measure', of, unit: unitName(words.join(' ')) }
}

/** One spelling of a unit: singular, with its power. */
function unitName(words: string): string {
  const power = /(?:\b(?:sq|square|squared)\b|2)/.test(words) ? '^2' : /(?:\b(?:cu|cubic|cubed)\b|3)/.test(words) ? '^3' : ''
  const plain = words
    .toLowerCase()
    .replace(/\b(?:sq|square|squared|cu|cubic|cubed|about|exactly|approximately)\b\.?|[\^{}().,23]/g, ' ')
    .trim()
  const singular = plain
    .replace(/\s+/g, ' ')
    .replace(/^inches/, 'inch')
    .replace(/(?<=[a-z]{2})s(?=$| )/, '')
  const known = units.has(singular) ? singular : units.has(plain) ? plain : singular
  if (units.get(known)?.[0] === 'percent') return 'percent'
  return `${known === '' ? 'unit' : known}${power}`
}
