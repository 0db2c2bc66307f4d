/** Everything that can be said of a data set before it is learnt from: bad rows, problems that are there twice, lengths, overlap. */
import type { Problem } from '../types.ts'
import { Column, keyOf, repeats } from './column.ts'
import { type Lengths, lengthsOf } from './lengths.ts'
import { type Overlap, overlapFinder } from './overlap.ts'
import type { Rows } from './rows.ts'

/** Rows that ask the same, but for capitals and white space. */
export interface Duplicate {
  readonly lines: readonly number[]
  readonly answers: readonly string[] // that they give, each once; more than one is a contradiction
}

/** A file of problems to evaluate on, as far as it was compared. */
export interface Compared {
  readonly name: string
  readonly path: string
  readonly rows: number // compared
  readonly badRows: number // left out
  readonly firstFault?: string // with its place
}

export interface FileReport {
  readonly name: string
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  readonly rows: number // good ones
  readonly bad: readonly { readonly line: number; readonly place: string; readonly fact: string }[] // at most as many as are told one by one
  readonly badRows: number
  readonly withSolution: number
  readonly duplicates: readonly Duplicate[]
  readonly against: readonly Compared[]
  readonly overlaps: readonly Overlap[] // with those, the largest of each row
  readonly promptTokens?: Lengths // under a model's tokenizer
  readonly solutionTokens?: Lengths
}

export interface CheckOptions {
  readonly asked?: readonly Rows[] // to evaluate on
  readonly words?: number // length of the runs of words that count as overlap
  readonly promptLength?: (problem: Problem) => number // tokens
  readonly textLength?: (text: string) => number // likewise
}

/** Words in a run: the usual measure of contamination. */
export const OVERLAP_WORDS = 13

/** Reads every row once more. */
export function checkRows(rows: Rows, { asked = [], words = OVERLAP_WORDS, promptLength, textLength }: CheckOptions): FileReport {
  const overlapsOf = overlapFinder(problemsOf(asked), words)
  using keys = new Column()
  using prompts = new Column()
  using solutions = new Column()
  const overlaps: Overlap[] = []
  let withSolution = 0
  for (let i = 0; i < rows.size; i++) {
    const problem = rows.at(i)
    keys.push(keyOf(problem.question.toLowerCase().replaceAll(/\s+/g, ' ')))
    overlaps.push(...overlapsOf(problem).slice(0, 1))
    if (promptLength) prompts.push(promptLength(problem))
    if (problem.solution === undefined) continue
    withSolution += 1
    if (textLength) solutions.push(textLength(problem.solution))
  }
  const [promptTokens, solutionTokens] = [lengthsOf(prompts.values()), lengthsOf(solutions.values())]
  return {
    name: rows.name,
    ...rows.file,
    rows: rows.size,
    bad: rows.faults.map(({ line, fact }) => ({ line, place: rows.place(line), fact })),
    badRows: rows.faulty,
    withSolution,
    duplicates: repeats(keys).map((places) => duplicateOf(rows, places)),
    against: asked.map(comparedIn),
    overlaps: overlaps.toSorted((a, b) => b.share - a.share),
    ...(promptTokens && { promptTokens }),
    ...(solutionTokens && { solutionTokens }),
  }
}

function comparedIn(rows: Rows): Compared {
  const [first] = rows.faults
  const firstFault = first && `${rows.place(first.line)}: ${first.fact}`
  return { name: rows.name, path: rows.file.path, rows: rows.size, badRows: rows.faulty, ...(firstFault !== undefined && { firstFault }) }
}

function* problemsOf(sets: readonly Rows[]): Generator<Problem> {
  for (const rows of sets) for (let i = 0; i < rows.size; i++) yield rows.at(i)
}

function duplicateOf(rows: Rows, places: readonly number[]): Duplicate {
  return { lines: places.map((i) => rows.lineOf(i)), answers: [...new Set(places.map((i) => rows.at(i).answer))] }
}
