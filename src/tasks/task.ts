/**
 * What a task is: problems, how one is asked, and a verdict on an answer (types.ts, Judge). The loop, the methods and the
 * engine know nothing else of it. A task of one's own is one file that returns this.
 */
import type { Judge, Problem } from '../types.ts'

/** Problems by position. Generated tasks make them on the fly; files are read once. */
export interface ProblemSet {
  readonly size: number // Infinity is not allowed: generated sets state a size
  at(index: number): Problem // 0 <= index < size
}

export type Split = 'train' | 'development' | 'test'

export interface Task extends Judge {
  readonly name: string
  problems(split: Split): ProblemSet
}
