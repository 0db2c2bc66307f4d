/** Everything that can be said of a data set before it is learnt from: bad rows, problems that are there twice, lengths, overlap. */
import { DataError } from '../errors.ts'
import type { Problem } from '../types.ts'
import { Column, keyOf, repeats } from './column.ts'
import { type Lengths, lengthsOf } from './lengths.ts'
import { type Overlap, overlapFinder } from './overlap.ts'
import type { Rows } from './rows.ts'

/** Rows of a file that ask the same, but for capitals and white space, or that ask what a file before it asks. */
export interface Duplicate {
  readonly lines: readonly number[]
  readonly earlier?: string // the first such row's place, where that is in a file before this one
  readonly answers: readonly string[] // that they and the rows of files before them give, each once
  readonly isContradiction: boolean // whether those are more than one answer, however they are written
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
  readonly workedAnswers: number // that are worked solutions with the answer behind ####, which the set gsm8k takes apart
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
  readonly isSameAnswer?: (a: string, b: string) => boolean
}

/** Words in a run: the usual measure of contamination. */
export const OVERLAP_WORDS = 13

/** Reads every row once more. Duplicates are found across the files; a file's report has those of which it does not have the first row alone. */
export function checkFiles(files: readonly Rows[], options: CheckOptions): FileReport[] {
  const { asked = [], words = OVERLAP_WORDS, isSameAnswer = (a, b) => a === b } = options
  const overlapsOf = overlapFinder(problemsOf(asked), words)
  using keys = new Column()
  const reports = files.map((rows) => reportOf(rows, { ...options, keys, overlapsOf }))
  const duplicates = duplicatesIn(files, repeats(keys), isSameAnswer)
  return reports.map((report, i) => ({ ...report, duplicates: duplicates[i] ?? [] }))
}

interface FileOptions extends CheckOptions {
  readonly keys: Column // of what is asked; those of the file are put behind it
  readonly overlapsOf: (problem: Problem) => Overlap[]
}

function reportOf(rows: Rows, options: FileOptions): Omit<FileReport, 'duplicates'> {
  const { keys, overlapsOf, asked = [], promptLength, textLength } = options
  using prompts = new Column()
  using solutions = new Column()
  const overlaps: Overlap[] = []
  let [withSolution, workedAnswers] = [0, 0]
  for (let i = 0; i < rows.size; i++) {
    const problem = rows.at(i)
    keys.push(keyOf(oneSpaced(problem.question.toLowerCase())))
    overlaps.push(...overlapsOf(problem).slice(0, 1))
    if (promptLength) prompts.push(measured(rows, i, () => promptLength(problem)))
    if (problem.answer.includes('####')) workedAnswers += 1
    const { solution } = problem
    if (solution === undefined) continue
    withSolution += 1
    if (textLength) solutions.push(measured(rows, i, () => textLength(solution)))
  }
  const [promptTokens, solutionTokens] = [lengthsOf(prompts.values()), lengthsOf(solutions.values())]
  return {
    name: rows.name,
    ...rows.file,
    rows: rows.size,
    bad: rows.faults.map(({ line, fact }) => ({ line, place: rows.place(line), fact })),
    badRows: rows.faulty,
    withSolution,
    workedAnswers,
    against: asked.map(comparedIn),
    overlaps: overlaps.toSorted((a, b) => b.share - a.share),
    ...(promptTokens && { promptTokens }),
    ...(solutionTokens && { solutionTokens }),
  }
}

/** DataError of a text that cannot be measured names its row. */
function measured(rows: Rows, index: number, measure: () => number): number {
  try {
    return measure()
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    throw new DataError(`${rows.place(rows.lineOf(index))}: ${cause.message}`, { cause })
  }
}

/** Most texts are so already, which is seen faster than they are written again. */
function oneSpaced(text: string): string {
  return /\s\s|[^\S ]/.test(text) ? text.replaceAll(/\s+/g, ' ') : text
}

function comparedIn(rows: Rows): Compared {
  const [first] = rows.faults
  const firstFault = first && `${rows.place(first.line)}: ${first.fact}`
  return { name: rows.name, path: rows.file.path, rows: rows.size, badRows: rows.faulty, ...(firstFault !== undefined && { firstFault }) }
}

function* problemsOf(sets: readonly Rows[]): Generator<Problem> {
  for (const rows of sets) for (let i = 0; i < rows.size; i++) yield rows.at(i)
}

/** By file, from positions of equal rows among the rows of all files. */
function duplicatesIn(files: readonly Rows[], groups: readonly number[][], isSame: (a: string, b: string) => boolean): Duplicate[][] {
  const found = files.map((): Duplicate[] => [])
  for (const group of groups) {
    const answers = new Set<string>()
    let earlier: string | undefined
    for (const [file, indices] of byFile(files, group)) {
      const rows = files[file] as Rows
      const lines = indices.map((i) => rows.lineOf(i))
      for (const i of indices) answers.add(rows.at(i).answer)
      const [first = '', ...others] = answers
      const isContradiction = others.some((answer) => !isSame(first, answer))
      const duplicate = { lines, ...(earlier !== undefined && { earlier }), answers: [first, ...others], isContradiction }
      if (earlier !== undefined || lines.length > 1) found[file]?.push(duplicate)
      earlier ??= rows.place(lines[0] as number)
    }
  }
  return found
}

/** Positions (in order) among the rows of all files as positions within each. */
function byFile(files: readonly Rows[], positions: readonly number[]): Map<number, number[]> {
  const found = new Map<number, number[]>()
  let [file, start] = [0, 0]
  for (const position of positions) {
    for (let size = files[file]?.size ?? 0; position >= start + size; size = files[file]?.size ?? 0) {
      start += size
      file += 1
    }
    const among = found.get(file)
    if (among === undefined) found.set(file, [position - start])
    else among.push(position - start)
  }
  return found
}
