/**
 * What a task is: problems, how one is asked, and a verdict on an answer (types.ts, Judge). The loop, the methods and the
 * engine know nothing else of it. A task of one's own is one file that returns this.
 */
import type { DataFile } from '../data/lines.ts'
import type { Judge, Problem } from '../types.ts'

/** Problems by position. Generated tasks make them on the fly; files are read once. */
export interface ProblemSet {
  readonly size: number // Infinity is not allowed: generated sets state a size
  at(index: number): Problem // 0 <= index < size
  readonly parts?: readonly { readonly name: string; readonly size: number }[] // one after the other, where an evaluation tells them apart
}

export type Split = 'train' | 'development' | 'test'

/** A file that problems come from. */
export interface TaskSource extends DataFile {
  readonly use: 'data' | 'evaluation'
  readonly given: string // what was asked for, as the configuration has it
  readonly rows: number // that are used
  readonly leftOut: number // that could not be
}

/** What is wrong with the message that asks a problem, where the model cannot take it in. */
export type Misfit = (message: string) => string | undefined

/** Without one nothing is looked through. */
export interface Misfits {
  readonly learnt?: Misfit // for problems to learn from
  readonly asked?: Misfit // for problems to evaluate on
}

export interface Task extends Judge {
  readonly name: string
  readonly sources?: readonly TaskSource[] // the files it was read from
  problems(split: Split): ProblemSet
}
