/** Calculations in running text, `48/2 = 24` and the like, each checked exactly. Words within an expression end it. Total. */
import { decimalPlaces, parseNumber, unsignedNumber } from './number-text.ts'
import { combine, equal, equalWhenRounded, type Rational, type RationalOperator } from './rational.ts'

export interface Calculation {
  readonly expression: string // as written, e.g. '48 / 2'
  readonly given: string // what it is said to equal, as written: a number, or an expression again
  readonly value: Rational // of `given`
  readonly truth: Rational // of the expression
  readonly isTrue: boolean // equal, or equal when rounded to the places that are written
  readonly end: number // characters of the text up to and including the result
}

const number = String.raw`[-\u2212]?(?:[$\u20ac\u00a3][ \t]?)?(?:${unsignedNumber})`
const operator = String.raw`(?:[-+*/\u2212\u2013\u00d7\u00f7]|x(?=[ \t(]{0,2}[$\u20ac\u00a3.\d]))` // 3x-5 is algebra, not a product
const mostOperators = 30 // keeps the search linear in the text
const operations = String.raw`(?:[ \t)]*${operator}[ \t(]*${number})`

/** Not within a number, after an operator that has lost its left side to a word, or behind the whole of a mixed number. */
const start = String.raw`(?<![\w.]|\d,|\d[ \t]|[-+*/\u2212\u2013\u00d7\u00f7][ \t]?|\bx[ \t]?)`
/** Not within a number or a mixed number, and no percentage. */
const stop = String.raw`(?![\d.,]*\d|[ \t]\d|[ \t]?%)`

/** An expression with at least one operator, `=`, a number or another expression. */
const calculation = new RegExp(
  `${start}(?<expression>\\(*${number}${operations}{1,${mostOperators}}[ \\t)]*)=[ \\t]?(?<given>${number}${operations}{0,${mostOperators}})${stop}`,
  'g',
)

const isNumber = new RegExp(`^${number}$`)

/** Every calculation that can be evaluated, in order; of a chain `2*3 = 6+4 = 10` each link. */
export function calculationsIn(text: string): Calculation[] {
  const found: Calculation[] = []
  calculation.lastIndex = 0
  for (let match = calculation.exec(text); match !== null; match = calculation.exec(text)) {
    const { expression = '', given = '' } = match.groups ?? {}
    const end = match.index + match[0].length
    const checked = check(expression.trim(), given.trim())
    if (checked !== undefined) found.push({ ...checked, end })
    calculation.lastIndex = Math.max(end - given.length, match.index + 1) // the result may begin the next link
  }
  return found
}

function check(expression: string, given: string): Omit<Calculation, 'end'> | undefined {
  const truth = evaluate(expression)
  const value = evaluate(given)
  if (truth === undefined || value === undefined) return undefined
  return { expression, given, value, truth, isTrue: agree(truth, value, given) }
}

/** A single number may be rounded to the places that it is written with. */
function agree(truth: Rational, value: Rational, given: string): boolean {
  return isNumber.test(given) ? equalWhenRounded(truth, value, decimalPlaces(given)) : equal(truth, value)
}

/** The value of an expression in numbers, + - * / (also x and the signs for times and divided) and parentheses; undefined where it is none or divides by zero. */
export function evaluate(text: string): Rational | undefined {
  const plain = text
    .replaceAll(/[$\u20ac\u00a3\s]/g, '')
    .replaceAll(/[\u2212\u2013]/g, '-')
    .replaceAll(/[x\u00d7]/g, '*')
    .replaceAll('\u00f7', '/')
  const tokens = plain.match(new RegExp(String.raw`${unsignedNumber}|[-+*/()]`, 'g')) ?? []
  if (tokens.join('') !== plain) return undefined
  const reader = { tokens, at: 0 }
  const value = sum(reader)
  return reader.at === tokens.length ? value : undefined
}

interface Reader {
  readonly tokens: readonly string[]
  at: number
}

function sum(reader: Reader): Rational | undefined {
  return chain(reader, ['+', '-'], (inner) => chain(inner, ['*', '/'], factor))
}

/** Operands of one precedence, from left to right. */
function chain(
  reader: Reader,
  operators: readonly RationalOperator[],
  next: (reader: Reader) => Rational | undefined,
): Rational | undefined {
  let value = next(reader)
  for (;;) {
    const found = operators.find((each) => each === reader.tokens[reader.at])
    if (found === undefined || value === undefined) return value
    reader.at += 1
    const right = next(reader)
    value = right && combine(value, found, right)
  }
}

function factor(reader: Reader): Rational | undefined {
  const token = reader.tokens[reader.at++]
  if (token === '-') {
    const value = factor(reader)
    return value && { ...value, numerator: -value.numerator }
  }
  if (token !== '(') return parseNumber(token ?? '')
  const value = sum(reader)
  return reader.tokens[reader.at++] === ')' ? value : undefined
}
