/**
 * A problem of GSM8K with other numbers, after the example of GSM-Symbolic (Mirzadeh et al., arXiv 2410.05229), but made from the marks of
 * the gold solution alone [D]: numbers of the question that its calculations use are drawn anew, and every result follows from them. Where
 * it is not certain what a number stands for, there is no variation. Words are left as they are.
 */
import { integer, fold, type Seed } from '../../random.ts'
import { calculationsIn, evaluate } from '../calculations.ts'
import { parseNumber, unsignedNumber } from '../number-text.ts'
import { implied } from './implied-numbers.ts'
import { type Gsm8kFields, marked, plainText } from './rows.ts'

/** What stands for each number that changes. Whole numbers. */
type Numbers = ReadonlyMap<number, number>

const TRIES = 60 // draws; most are refused by a division that leaves a rest

const number = new RegExp(unsignedNumber, 'g')

/** The same problem with numbers from half to twice of those it has, in the same order of size; undefined where none can be made. */
export function variation(problem: Gsm8kFields, seed: Seed): Gsm8kFields | undefined {
  const free = freeNumbers(problem)
  if (free === undefined) return undefined
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const drawn = draw(free, fold(seed, attempt))
    const numbers = drawn && withResults(problem, drawn)
    const worked = numbers && replaced(problem.worked, numbers)
    if (worked !== undefined && calculationsIn(plainText(worked)).every(({ isTrue }) => isTrue))
      return { question: replaced(problem.question, numbers as Numbers), worked }
  }
  return undefined
}

/** The numbers of the question that may change, ascending; undefined where there are none, or where a number of the solution may mean two things. */
function freeNumbers({ question, worked }: Gsm8kFields): number[] | undefined {
  const words = `${question} ${plainText(worked)}`
  const [asked, written] = [numbersOf(question), numbersOf(worked)]
  const calculations = marked(worked)
  const used = new Set(calculations.flatMap(({ expression }) => numbersOf(expression)))
  const results = calculations.map(({ result }) => valueOf(result))
  const isExplained =
    results.every((value) => isOnce(value, results) && !asked.includes(value) && !implied(value, words)) &&
    written.every((value) => used.has(value) || results.includes(value)) &&
    results.includes(written.at(-1) as number)
  if (!isExplained) return undefined
  const free = asked.filter((value) => used.has(value) && isOnce(value, asked) && isAlone(value, question) && !implied(value, words))
  return free.length === 0 ? undefined : free.toSorted((a, b) => a - b)
}

function isOnce(value: number, values: readonly number[]): boolean {
  return values.indexOf(value) === values.lastIndexOf(value)
}

/** A whole number that stands by itself: no part of a fraction, percentage, time or name. */
function isAlone(value: number, question: string): boolean {
  const alone = new RegExp(String.raw`(?<![\w.,:/+-])${value}(?![\w%:/+]|[.,-]\d|\s?%)`)
  return Number.isInteger(value) && value > 1 && alone.test(question)
}

/** Undefined where nothing would change. */
function draw(free: readonly number[], seed: Seed): Map<number, number> | undefined {
  const drawn = new Map<number, number>()
  let least = 2
  for (const [index, value] of free.entries()) {
    const low = Math.max(least, Math.ceil(value / 2))
    const fresh = low + integer(seed, index, Math.max(1, 2 * value - low + 1))
    drawn.set(value, fresh)
    least = fresh + 1
  }
  return [...drawn].some(([value, fresh]) => value !== fresh) ? drawn : undefined
}

/** With the result of every calculation; undefined where one is no whole number above zero. */
function withResults({ worked }: Gsm8kFields, drawn: Numbers): Numbers | undefined {
  const numbers = new Map(drawn)
  for (const { expression, result } of marked(worked)) {
    const [before, after] = [expression, replaced(expression, numbers)].map(wholeValue)
    if (before !== valueOf(result) || after === undefined || after < 1) return undefined
    numbers.set(before, after)
  }
  return numbers
}

function replaced(text: string, numbers: Numbers): string {
  return text.replaceAll(number, (found) => String(numbers.get(valueOf(found)) ?? found))
}

function numbersOf(text: string): number[] {
  return [...text.matchAll(number)].map(([found]) => valueOf(found))
}

/** Of an expression; undefined where it is no whole number. */
function wholeValue(expression: string): number | undefined {
  const value = evaluate(expression)
  return value?.denominator === 1n ? Number(value.numerator) : undefined
}

function valueOf(text: string): number {
  const value = parseNumber(text)
  return value === undefined ? Number.NaN : Number(value.numerator) / Number(value.denominator)
}
