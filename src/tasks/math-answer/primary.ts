/** What expressions are made of: numbers, variables, constants, functions, fractions, roots, brackets, matrices, with what stands behind them. */
import { openers, readBracketed, readGroup } from './brackets.ts'
import { accept, type Cursor, expect, isAt, nested, peek } from './cursor.ts'
import { readMatrix } from './matrices.ts'
import { constantNames, functionNames, noValues } from './names.ts'
import type { Node } from './node.ts'
import { numberOf } from './numerals.ts'
import { Unreadable } from './work.ts'

/** Whether a factor can begin here without a sign before it. */
export function startsFactor(cursor: Cursor): boolean {
  const token = peek(cursor)
  if (token === undefined) return false
  if (token.kind !== 'sign') return token.kind !== 'word' && !(token.kind === 'command' && /^(?:end|pmod)$/.test(token.text))
  return openers.includes(token.text) || (token.text === '|' && cursor.bars === 0)
}

/** A primary with what stands behind it: powers, factorials, degrees, percent, a base. */
export function readFactor(cursor: Cursor): Node {
  let node = nested(cursor, () => readPrimary(cursor))
  for (;;) {
    if (accept(cursor, '^') !== undefined) {
      if (acceptSign(cursor, 'degree')) node = { kind: 'measure', of: node, unit: 'degree' }
      else if (acceptSign(cursor, "'")) node = { kind: 'call', name: 'prime', args: [node] }
      else node = { kind: 'power', base: node, exponent: readExponent(cursor) }
    } else if (accept(cursor, '!') !== undefined)
      node = { kind: 'call', name: accept(cursor, '!') === undefined ? 'factorial' : 'double factorial', args: [node] }
    else if (accept(cursor, 'degree') !== undefined) node = { kind: 'measure', of: node, unit: 'degree' }
    else if (accept(cursor, '%') !== undefined) node = percentOf(node)
    else if (accept(cursor, "'") !== undefined) node = { kind: 'call', name: 'prime', args: [node] }
    else if (accept(cursor, '_') !== undefined) node = subscripted(node, readSubscript(cursor))
    else return node
  }
}

function percentOf(of: Node): Node {
  if (of.kind === 'measure') throw new Unreadable('a second sign of percent')
  return { kind: 'measure', of, unit: 'percent' }
}

/** `\circ` or `{\circ}` behind ^. */
function acceptSign(cursor: Cursor, sign: string): boolean {
  if (accept(cursor, sign) !== undefined) return true
  const isBraced = isAt(cursor, '{') && peek(cursor, 1)?.text === sign && peek(cursor, 2)?.text === '}'
  if (isBraced) cursor.at += 3
  return isBraced
}

/** What LaTeX takes as one argument: braces, or one token; a number gives its first digit only. */
function readArgument(cursor: Cursor): Node {
  return nested(cursor, () => {
    if (isAt(cursor, '{')) return readPrimary(cursor)
    if (accept(cursor, '-') !== undefined) return { kind: 'negative', of: readArgument(cursor) }
    return readPrimary(cursor)
  })
}

/** What stands behind ^; a tower of powers is read from its top. */
function readExponent(cursor: Cursor): Node {
  const base = readArgument(cursor)
  return accept(cursor, '^') === undefined ? base : { kind: 'power', base, exponent: nested(cursor, () => readExponent(cursor)) }
}

function readSubscript(cursor: Cursor): string {
  if (accept(cursor, '{') === undefined) {
    const token = peek(cursor)
    cursor.at += 1
    return token?.text ?? ''
  }
  let name = ''
  while (peek(cursor) !== undefined && !isAt(cursor, '}')) {
    name += peek(cursor)?.text
    cursor.at += 1
  }
  expect(cursor, '}')
  return name.replace(/^\((\w+)\)$/, '$1')
}

/** A base behind digits, an index behind a name. */
function subscripted(node: Node, index: string): Node {
  const words = { two: '2', three: '3', four: '4', five: '5', six: '6', seven: '7', eight: '8', nine: '9', ten: '10' } as const
  const base = Number(words[index as keyof typeof words] ?? index)
  if (node.kind === 'number' && node.places === undefined && Number.isInteger(base))
    return { kind: 'based', digits: String(node.value.numerator), base }
  const [digits] = node.kind === 'call' && node.name === 'bar' ? node.args : []
  if (digits?.kind === 'number' && digits.places === undefined && Number.isInteger(base)) return subscripted(digits, index)
  if (node.kind === 'text' && /^[0-9A-Z]+$/.test(node.words) && Number.isInteger(base)) return { kind: 'based', digits: node.words, base }
  if (node.kind === 'symbol') return { kind: 'symbol', name: `${node.name}_${index}` }
  throw new Unreadable(`an index ${index} that belongs to nothing`)
}

function readPrimary(cursor: Cursor): Node {
  const token = peek(cursor)
  if (token === undefined) throw new Unreadable('the end where a value is expected')
  if (token.kind === 'sign') return readBracketed(cursor)
  cursor.at += 1
  switch (token.kind) {
    case 'number':
      return readNumeral(cursor, token.text)
    case 'text':
    case 'word':
      return { kind: 'text', words: token.text }
    case 'name':
      return readName(cursor, token.text)
    case 'command':
      return readCommand(cursor, token.text)
    default:
      return token.kind satisfies never
  }
}

/** A number; a fraction of digits right behind an integer makes it a mixed number. */
function readNumeral(cursor: Cursor, text: string): Node {
  const isEllipsis = accept(cursor, '...') !== undefined
  const whole = numberOf(text, isEllipsis)
  const start = cursor.at
  const part = whole.places === undefined ? readProperFraction(cursor) : undefined
  if (part === undefined) cursor.at = start
  return part === undefined ? whole : { kind: 'sum', terms: [whole, part] }
}

/** `\frac{4}{5}` or ` 4/5` behind an integer. */
function readProperFraction(cursor: Cursor): Node | undefined {
  const token = peek(cursor)
  let part: Node | undefined
  if (token?.kind === 'command' && token.text === 'frac') {
    cursor.at += 1
    part = readFraction(cursor)
  } else if (token?.kind === 'number' && token.isSpaced && peek(cursor, 1)?.text === '/' && peek(cursor, 2)?.kind === 'number') {
    part = { kind: 'quotient', over: numberOf(token.text, false), under: numberOf(peek(cursor, 2)?.text ?? '', false) }
    cursor.at += 3
  }
  if (part?.kind !== 'quotient' || part.over.kind !== 'number' || part.under.kind !== 'number') return undefined
  const isProper =
    part.over.places === undefined && part.under.places === undefined && part.over.value.numerator < part.under.value.numerator
  return isProper && part.over.value.numerator > 0n ? part : undefined
}

function readName(cursor: Cursor, name: string): Node {
  const constant = constantNames.get(name)
  if (constant !== undefined) return { kind: 'constant', name: constant }
  const known = functionNames.get(name)
  if (known !== undefined) return readCall(cursor, known)
  if (/^[fgh]$/.test(name) && isAt(cursor, '(')) return { kind: 'call', name, args: readGroup(cursor).items }
  return { kind: 'symbol', name }
}

/** A function with its power, its base and its argument: `\sin^2 x`, `\log_2 8`, `\sqrt[3]{4}`. */
function readCall(cursor: Cursor, name: string): Node {
  if (name === 'sqrt') {
    const isIndexed = isAt(cursor, '[')
    const index = isIndexed ? readGroup(cursor).items[0] : undefined
    return root(readArgument(cursor), index)
  }
  let base: Node | undefined
  let exponent: Node | undefined
  for (;;) {
    if (accept(cursor, '_') !== undefined) base = readArgument(cursor)
    else if (accept(cursor, '^') !== undefined) exponent = readExponent(cursor)
    else break
  }
  const args = isAt(cursor, '(', '[') ? readGroup(cursor).items : [readBareArgument(cursor)]
  const isInverse = exponent?.kind === 'negative' && exponent.of.kind === 'number' && exponent.of.value.numerator === 1n
  if (isInverse && /^(?:sin|cos|tan)$/.test(name)) return { kind: 'call', name: `arc${name}`, args }
  const call: Node = { kind: 'call', name, args: base === undefined ? args : [...args, base] }
  return exponent === undefined ? call : { kind: 'power', base: call, exponent }
}

function root(of: Node, index: Node | undefined): Node {
  return { kind: 'call', name: 'sqrt', args: index === undefined ? [of] : [of, index] }
}

/** The argument of a function without brackets: factors up to a sign, another function, or a bracket. */
function readBareArgument(cursor: Cursor): Node {
  const factors: Node[] = []
  if (accept(cursor, '-') !== undefined) return { kind: 'negative', of: readBareArgument(cursor) }
  do factors.push(readFactor(cursor))
  while (
    startsFactor(cursor) &&
    !isAt(cursor, '(', '[', '{') &&
    !functionNames.has(peek(cursor)?.text ?? '') &&
    peek(cursor)?.kind !== 'text'
  )
  return factors.length === 1 ? (factors[0] as Node) : { kind: 'product', factors }
}

function readCommand(cursor: Cursor, name: string): Node {
  switch (name) {
    case 'frac':
      return readFraction(cursor)
    case 'binom':
    case 'dbinom':
    case 'tbinom':
      return { kind: 'call', name: 'binomial', args: [readDigit(cursor), readDigit(cursor)] }
    case 'begin':
      return readMatrix(cursor)
    case 'emptyset':
    case 'varnothing':
      return { kind: 'text', words: 'empty set' }
    case 'bar':
    case 'overline': {
      const of = readArgument(cursor)
      if (of.kind === 'product') return of
      return { kind: 'call', name: of.kind === 'symbol' ? 'mean' : 'bar', args: [of] }
    }
    case 'triangle':
    case 'Delta':
    case 'square': {
      const corners = peek(cursor)
      if (corners?.kind === 'word') cursor.at += 1
      return { kind: 'symbol', name: `\\${name}${corners?.kind === 'word' ? ` ${corners.text}` : ''}` }
    }
    default:
      if (noValues.has(name)) throw new Unreadable(`the command \\${name}`)
      if (name.length > 12) throw new Unreadable(`the command \\${name}`)
      return { kind: 'symbol', name: `\\${name}` }
  }
}

function readFraction(cursor: Cursor): Node {
  const over = readDigit(cursor)
  return { kind: 'quotient', over, under: readDigit(cursor) }
}

/** An argument of \frac or \binom: without braces, one digit of a number. The rest of the number stays for what follows. */
function readDigit(cursor: Cursor): Node {
  const token = peek(cursor)
  if (token?.kind !== 'number' || token.text.length === 1 || !/^\d+$/.test(token.text)) return readArgument(cursor)
  const rest = { ...token, text: token.text.slice(1), isSpaced: false }
  cursor.tokens[cursor.at] = rest
  return numberOf(token.text[0] as string, false)
}
