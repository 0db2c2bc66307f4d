/**
 * The rows of GSM8K's own JSONL files, `{ question, answer }`, where the answer is a worked solution with its calculations marked,
 * `48/2 = <<48/2=24>>24`, and `#### 72` at its end. Nothing here asks or verifies.
 */
import { readFile } from 'node:fs/promises'
import { DataError } from '../../errors.ts'
import { isObject } from '../../text/json-file.ts'
import { calculationsIn } from '../calculations.ts'
import { numbersIn, unsignedNumber } from '../number-text.ts'

/** One problem with its gold solution. */
export interface Gsm8kRow {
  readonly line: number // of its file, 1 is the first
  readonly question: string
  readonly answer: string // what stands behind ####
  readonly solution: string // marks removed, ending in the line '#### 72'
  readonly steps: readonly GoldStep[] // the solution's lines without the last
  readonly calculations: number // marked calculations
  readonly largest: number // the largest number of the solution, by magnitude
}

/** A line of the gold solution. */
export interface GoldStep {
  readonly text: string
  readonly results: readonly string[] // of its calculations, the marked ones first
}

const mark = /<<[^<>]*?=([^<>=]*)>>/g

/** The rows of a file. DataError names the file, and the line where one is bad; a file without rows is one too. Empty lines are skipped. */
export async function readRows(path: string): Promise<Gsm8kRow[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new DataError(`${path}: cannot be read; give the folder that holds GSM8K's train.jsonl and test.jsonl`, { cause })
  })
  const rows = text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [parseRow(line, index + 1, `${path}:${index + 1}`)]))
  if (rows.length === 0) throw new DataError(`${path}: holds no rows`)
  return rows
}

function parseRow(text: string, line: number, place: string): Gsm8kRow {
  const row = parseObject(text, place)
  const question = field(row, 'question', place)
  const worked = field(row, 'answer', place)
  const [body = '', answer = ''] = worked.split(/\n?####/)
  if (numbersIn(answer).length !== 1)
    throw new DataError(`${place}: answer does not end in one number behind ####, ${excerpt(worked.slice(-40))}`)
  const lines = body.split('\n').filter((each) => each.trim() !== '')
  const plain = lines.map((each) => each.replaceAll(mark, '').trim())
  return {
    line,
    question: question.trim(),
    answer: answer.trim(),
    solution: [...plain, `#### ${answer.trim()}`].join('\n'),
    steps: lines.map((each, i) => step(each, plain[i] as string)),
    calculations: marked(body).length,
    largest: largestNumber(`${plain.join('\n')} ${answer}`),
  }
}

function parseObject(text: string, place: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new DataError(`${place}: not JSON, ${excerpt(text)}`, { cause })
  }
  if (!isObject(value)) throw new DataError(`${place}: not an object, ${excerpt(text)}`)
  return value
}

function field(row: Readonly<Record<string, unknown>>, name: string, place: string): string {
  const value = row[name]
  if (typeof value === 'string' && value.trim() !== '') return value
  const fact = value === undefined ? 'is missing' : `is not a text, ${excerpt(JSON.stringify(value))}`
  throw new DataError(`${place}: field ${name} ${fact}`)
}

function step(line: string, text: string): GoldStep {
  return { text, results: [...marked(line), ...calculationsIn(text).map(({ given }) => given)] }
}

/** Results of the marked calculations. */
function marked(text: string): string[] {
  return [...text.matchAll(mark)].map((match) => match[1] as string)
}

function largestNumber(text: string): number {
  const numbers = text.match(new RegExp(unsignedNumber, 'g')) ?? []
  return numbers.reduce((largest, each) => Math.max(largest, Number(each.replaceAll(',', ''))), 0)
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text)
}
