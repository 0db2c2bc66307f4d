/**
 * GSM8K as a task (Cobbe et al., arXiv 2110.14168): grade-school problems with worked solutions, from the dataset's own two
 * files. Problems to learn on and to develop on come from train.jsonl, divided by a hash of the question; test.jsonl is for tests alone.
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { synthesisPrompt } from '../../algorithm/prompt.ts'
import { scanLines } from '../../data/lines.ts'
import { DataError, firstFew } from '../../errors.ts'
import type { Correction, Problem } from '../../types.ts'
import { verifyNumber } from '../math-answer.ts'
import type { Misfit, Misfits, Split, Task, TaskSource } from '../task.ts'
import { correctAttempt } from './correction.ts'
import { type Gsm8kRow, readRows } from './rows.ts'

export interface Gsm8kOptions {
  readonly data: string // the folder that holds train.jsonl and test.jsonl
  readonly maxCalculations: number // keeps problems whose gold solution has at most so many marked calculations; 0 = all
  readonly maxNumber: number // keeps problems whose gold solution has no larger number; 0 = all
  readonly developmentShare: number // of train.jsonl's questions, in (0, 1)
}

export const gsm8kDefaults: Omit<Gsm8kOptions, 'data'> = { maxCalculations: 0, maxNumber: 0, developmentShare: 0.1 }

const answerFormat = 'End with a line that has #### and the final number, like this: #### 72'

const MOST_NAMED = 5 // problems in a message

/** Reads the files. DataError for a file or row that cannot be read, and for a subset without problems or with ones that the model cannot take in. */
export async function gsm8kTask(options: Partial<Gsm8kOptions> & Pick<Gsm8kOptions, 'data'>, tooLong: Misfits = {}): Promise<Task> {
  const settings = { ...gsm8kDefaults, ...options }
  const splits = await readSplits(settings)
  const rows = new Map<string, Gsm8kRow>(Object.values(splits).flatMap((each) => [...each]))
  const sources = await Promise.all((['train', 'test'] as const).map((file) => sourceOf(file, settings.data, splits)))
  return {
    name: 'gsm8k',
    sources,
    problems(split) {
      const problems = [...splits[split]].map(([id, row]) => problemOf(id, row))
      if (problems.length === 0) throw new DataError(`${settings.data}: no ${split} problem is left by ${limits(settings)}`)
      refuseMisfits(problems, split === 'train' ? tooLong.learnt : tooLong.asked)
      return { size: problems.length, at: (index) => problems[index] as Problem }
    },
    ask,
    verify: (problem, answer) => verifyNumber(problem.answer, answer),
    askForReflection: (problem, attempt, reference) => synthesisPrompt({ problem: problem.question, attempt, reference, answerFormat }),
    correct(problem, attempt): Correction | undefined {
      const row = rows.get(problem.id)
      return row === undefined || verifyNumber(problem.answer, attempt).reward === 1 ? undefined : correctAttempt(row, attempt)
    },
  }
}

function ask({ question }: Problem): string {
  return `${question}\n\nSolve this step by step. ${answerFormat}`
}

function refuseMisfits(problems: readonly Problem[], misfit: Misfit | undefined): void {
  const lines = problems.flatMap((problem) => {
    const fact = misfit?.(ask(problem))
    return fact === undefined ? [] : [`problem ${problem.id}: ${fact}`]
  })
  if (lines.length === 0) return
  const advice = `${lines.length} of ${problems.length} problems are too long for the model; lower rollout.maxTokens, or leave them out of the file`
  throw new DataError([...firstFew(lines, { count: lines.length, most: MOST_NAMED }), advice].join('\n'))
}

/** Rows by id, `gsm8k/train/17` being line 17 of train.jsonl whatever split it falls into. */
async function readSplits(settings: Gsm8kOptions): Promise<Record<Split, Map<string, Gsm8kRow>>> {
  const splits: Record<Split, Map<string, Gsm8kRow>> = { train: new Map(), development: new Map(), test: new Map() }
  for (const file of ['train', 'test'] as const) {
    const rows = await readRows(join(settings.data, `${file}.jsonl`))
    for (const row of rows.filter((each) => isWithin(each, settings))) {
      const split = file === 'train' && shareOf(row.question) < settings.developmentShare ? 'development' : file
      splits[split].set(`gsm8k/${file}/${row.line}`, row)
    }
  }
  return splits
}

async function sourceOf(file: 'train' | 'test', given: string, splits: Record<Split, Map<string, Gsm8kRow>>): Promise<TaskSource> {
  const rows = file === 'test' ? splits.test.size : splits.train.size + splits.development.size
  return { use: 'data', given, ...(await scanLines(join(given, `${file}.jsonl`), () => {})), rows, leftOut: 0 }
}

function isWithin({ calculations, largest }: Gsm8kRow, { maxCalculations, maxNumber }: Gsm8kOptions): boolean {
  return (maxCalculations === 0 || calculations <= maxCalculations) && (maxNumber === 0 || largest <= maxNumber)
}

function problemOf(id: string, { question, answer, solution }: Gsm8kRow): Problem {
  return { id, question, answer, solution }
}

/** A number in [0, 1) of the question alone, so that a problem stays in its split whatever else the file holds. */
function shareOf(question: string): number {
  return createHash('sha256').update(question).digest().readUInt32LE() / 2 ** 32
}

function limits({ maxCalculations, maxNumber, developmentShare }: Gsm8kOptions): string {
  return `maxCalculations ${maxCalculations}, maxNumber ${maxNumber}, developmentShare ${developmentShare}`
}
