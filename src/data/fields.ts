/** From a row of somebody's file to a problem: which field is what, and what can be wrong with it. Pure. */
import { isObject } from '../text/json-file.ts'
import type { Problem } from '../types.ts'

/** Names of fields, the first that a row has counts. */
export interface Fields {
  readonly problem: readonly string[]
  readonly answer: readonly string[]
  readonly solution: readonly string[] // may be absent from a row
  readonly id: readonly string[] // likewise; the line's number stands in for it
  readonly mark?: string // the first answer field is a worked solution, and the answer stands behind this
}

/** What problems are called in most files. */
export const usualFields: Fields = {
  problem: ['problem', 'question', 'prompt'],
  answer: ['answer', 'final_answer'],
  solution: ['solution'],
  id: ['id', 'unique_id', 'problem_idx'],
}

export type Reading = { readonly problem: Problem } | { readonly fault: string }

/** Where a row stands: its set's name and its line. */
export interface RowPlace {
  readonly set: string
  readonly line: number
}

/** The problem of a row, or what is wrong with the row. Texts are trimmed; numbers count as texts. */
export function readRow(row: unknown, fields: Fields, { set, line }: RowPlace): Reading {
  if (!isObject(row)) return { fault: `not an object, ${excerpt(JSON.stringify(row))}` }
  const [question, answer] = [textIn(row, fields.problem), textIn(row, fields.answer)]
  const [solution, id] = [textIn(row, fields.solution), textIn(row, fields.id)]
  const missing = question.kind === 'absent' ? fields.problem : answer.kind === 'absent' ? fields.answer : undefined
  if (missing !== undefined) return { fault: missingText(row, missing) }
  for (const each of [question, answer, solution, id]) if (each.kind === 'bad') return { fault: each.fault }
  const problem = { id: `${set}/${textOf(id) ?? line}`, question: textOf(question) ?? '', answer: textOf(answer) ?? '' }
  const isMarked = answer.kind === 'text' && answer.name === fields.answer[0]
  return problemOf(problem, isMarked ? fields.mark : undefined, textOf(solution))
}

function missingText(row: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  const empty = names.find((name) => row[name] === null)
  return empty === undefined ? `field ${names.join(' or ')} is missing, it has ${Object.keys(row).join(', ')}` : `field ${empty} is null`
}

type Found =
  | { readonly kind: 'text'; readonly name: string; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'bad'; readonly fault: string }

/** The first of these fields that is there. */
function textIn(row: Readonly<Record<string, unknown>>, names: readonly string[]): Found {
  const name = names.find((each) => row[each] !== undefined && row[each] !== null)
  if (name === undefined) return { kind: 'absent' }
  const value = row[name]
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
    return { kind: 'bad', fault: `field ${name} is a number too large to be exact, ${value}; write it as a text` }
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string') return { kind: 'bad', fault: `field ${name} is not a text, ${excerpt(JSON.stringify(value))}` }
  if (text.trim() === '') return { kind: 'bad', fault: `field ${name} is empty` }
  return { kind: 'text', name, text: text.trim() }
}

function textOf(found: Found): string | undefined {
  return found.kind === 'text' ? found.text : undefined
}

/** Takes the answer out of a worked solution where the file has them in one. */
function problemOf(problem: Problem, mark: string | undefined, solution: string | undefined): Reading {
  if (mark === undefined) return { problem: solution === undefined ? problem : { ...problem, solution } }
  const at = problem.answer.lastIndexOf(mark)
  const answer = at < 0 ? '' : problem.answer.slice(at + mark.length).trim()
  if (answer === '') return { fault: `answer has nothing behind ${mark}, ${excerpt(problem.answer.slice(-40))}` }
  return { problem: { ...problem, answer, solution: solution ?? problem.answer.replaceAll(/<<[^<>]*>>/g, '') } }
}

export function excerpt(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text)
}
