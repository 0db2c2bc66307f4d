/**
 * What a careful reader makes of a wrong attempt, from the gold solution alone [D]. The first error is the first calculation that is
 * arithmetically false or whose result is none of the gold solution's; without one it is the final answer. The gold solution goes on from
 * there, without the steps whose results the attempt already had. It judges calculations, not sentences: a false sentence without
 * a calculation is not seen.
 */
import { createHash } from 'node:crypto'
import { filled } from '../../algorithm/prompt.ts'
import type { Correction } from '../../types.ts'
import { type Calculation, calculationsIn } from '../calculations.ts'
import { finalAnswer } from '../math-answer.ts'
import { numbersIn } from '../number-text.ts'
import { decimalText, equal, type Rational } from '../rational.ts'
import { diagnoses } from './diagnoses.ts'
import type { Gsm8kRow } from './rows.ts'

/** The correction of an attempt that the verifier refused; undefined where it has neither a calculation to blame nor an answer. */
export function correctAttempt(row: Gsm8kRow, attempt: string): Correction | undefined {
  const calculations = calculationsIn(attempt)
  const gold = [...row.steps.flatMap(({ results }) => results), row.answer].flatMap(valueOf)
  const wrong = calculations.findIndex(({ isTrue, value }) => !isTrue || !gold.some((each) => equal(each, value)))
  const error = wrong < 0 ? wrongAnswer(attempt) : wrongCalculation(calculations[wrong] as Calculation, attempt)
  if (error === undefined) return undefined
  const known = calculations.slice(0, wrong < 0 ? undefined : wrong).map(({ value }) => value)
  const templates = diagnoses[error.kind]
  const diagnosis = filled(templates[hashOf(attempt) % templates.length] as string, error.words)
  const analysis = `The first error is "${error.words.quote}". ${error.reason}`
  return { keep: error.keep, diagnosis, correction: `\n${restOf(row, known)}`, analysis }
}

interface FirstError {
  readonly kind: keyof typeof diagnoses
  readonly keep: number // characters
  readonly words: { readonly expression: string; readonly given: string; readonly truth: string; readonly quote: string }
  readonly reason: string // a sentence
}

function wrongCalculation({ expression, given, truth, isTrue, end }: Calculation, attempt: string): FirstError {
  const words = { expression, given, truth: decimalText(truth), quote: `${expression} = ${given}` }
  const reason = isTrue ? 'That number is not needed to answer the question.' : `${expression} is ${words.truth}.`
  return { kind: isTrue ? 'stray' : 'false', keep: endOfSentence(attempt, end), words, reason }
}

/** Every calculation is right and leads somewhere, but the answer is another. */
function wrongAnswer(attempt: string): FirstError | undefined {
  const given = finalAnswer(attempt)?.text
  if (given === undefined) return undefined
  const keep = endOfSentence(attempt, attempt.lastIndexOf(given) + given.length)
  const words = { expression: given, given, truth: given, quote: attempt.slice(0, keep).split('\n').at(-1)?.trim() ?? given }
  return { kind: 'answer', keep, words, reason: `${given} is not what the question asks for.` }
}

/** Behind the full stop of the sentence, or at the end of the line; but not beyond the beginning of another calculation. */
function endOfSentence(text: string, from: number): number {
  const rest = /^[^\n=]*?[.!?](?=\s|$)|^[^\n=]*(?=\n|$)/.exec(text.slice(from))
  return from + (rest?.[0].trimEnd().length ?? 0)
}

/** The gold solution from behind the last of its leading steps whose results the attempt already had. */
function restOf({ steps, answer }: Gsm8kRow, known: readonly Rational[]): string {
  const had = (result: string): boolean => valueOf(result).some((value) => known.some((each) => equal(each, value)))
  const missing = steps.findIndex(({ results }) => !results.every(had))
  const leading = steps.slice(0, missing < 0 ? undefined : missing)
  const start = leading.findLastIndex(({ results }) => results.length > 0) + 1
  const rest = missing < 0 ? [] : steps.slice(start).map(({ text }) => text)
  return [...rest, `#### ${answer}`].join('\n')
}

function valueOf(text: string): Rational[] {
  return numbersIn(text).map(({ value }) => value)
}

/** A number of the text alone, so that the wording varies and a correction is always the same. */
function hashOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32LE()
}
