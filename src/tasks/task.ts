/**
 * What a task is: problems, how one is asked, and a verdict on an answer. The loop, the methods and the engine know
 * nothing else of it. A task of one's own is one file that returns this.
 */
import type { Problem, Verdict } from '../types.ts'

/** Problems by position. Generated tasks make them on the fly; files are read once. */
export interface ProblemSet {
  readonly size: number // Infinity is not allowed: generated sets state a size
  at(index: number): Problem // 0 <= index < size
}

export type Split = 'train' | 'development' | 'test'

export interface Task {
  readonly name: string
  problems(split: Split): ProblemSet
  /** The user's message that asks the problem. */
  ask(problem: Problem): string
  /** Pure and total: any text gets a verdict. */
  verify(problem: Problem, answer: string): Verdict
  /** The synthesis prompt's user message [D]: problem, wrong attempt, right solution, and what to write. */
  askForReflection(problem: Problem, attempt: string, reference: string): string
  /**
   * Where the task knows its own steps: the ideal correction of a wrong attempt, for cold-start data and for audits.
   * `keep` is how many characters of the attempt stand before and including the first error.
   */
  correct?(problem: Problem, attempt: string): { readonly keep: number; readonly diagnosis: string; readonly correction: string; readonly analysis: string } | undefined
}
