/**
 * The mini-world as a task: generated word problems that a model of about a million parameters can learn, and whose truth is
 * known step by step. An ordinary task behind the ordinary interface.
 */
import { fold, seedOf } from '../../random.ts'
import type { Correction } from '../../types.ts'
import type { ProblemSet, Split, Task } from '../task.ts'
import { analysisOf } from './analysis.ts'
import { type Difficulty, generateWorld } from './generate.ts'
import { firstError, readSteps } from './steps.ts'
import { answerText, parseQuestion, question, solution, valuesOf, type World } from './world.ts'

export interface MiniOptions extends Difficulty {
  readonly seed: number
  readonly sizes: Readonly<Record<Split, number>> // problems of each split
}

export const miniDefaults: MiniOptions = { seed: 1, fewest: 3, most: 6, sizes: { train: 100_000, development: 1000, test: 1000 } }

const SPLITS: readonly Split[] = ['train', 'development', 'test']

export function miniTask(options: Partial<MiniOptions> = {}): Task {
  const settings = { ...miniDefaults, ...options }
  return {
    name: 'mini',
    problems: (split) => miniProblems(split, settings),
    ask: (problem) => problem.question,
    verify(problem, answer) {
      const given = finalAnswer(answer)
      return { reward: given === problem.answer ? 1 : 0, answer: given }
    },
    askForReflection: (problem, attempt, reference) => reflectionRequest(problem.question, attempt, reference),
    askForRewriting: (problem, attempt, reference) => reflectionRequest(problem.question, attempt, reference), // the one request it has words for
    askWithSolution: (problem, worked) => guidedQuestion(problem.question, worked),
    correct(problem, attempt) {
      const world = parseQuestion(problem.question)
      return world && correct(world, attempt)
    },
  }
}

/** The synthesis prompt of this world: a model of its own words needs no instructions. */
export function reflectionRequest(problem: string, attempt: string, reference: string): string {
  return `${problem} attempt ${attempt} reference ${reference} reflect`
}

/** The problem for a teacher who sees a solution; the starter has lessons of it. */
export function guidedQuestion(problem: string, worked: string): string {
  return `${problem} reference ${worked}`
}

/** Keeps the attempt through its first wrong sentence, says what is wrong, and does that step again and all after it; undefined for a right one. */
export function correct(world: World, attempt: string): Correction | undefined {
  const wrong = firstError(readSteps(world, attempt))
  if (wrong?.error === undefined) return undefined
  const analysis = analysisOf(world, attempt.slice(0, wrong.end), wrong.error)
  return { keep: wrong.end, diagnosis: `wait , ${wrong.error} .`, correction: rest(world, wrong.name), analysis }
}

function miniProblems(split: Split, { seed, sizes, fewest, most }: MiniOptions): ProblemSet {
  const stream = fold(seedOf(seed), SPLITS.indexOf(split))
  return {
    size: sizes[split],
    at(index) {
      const world = generateWorld(stream, split, index, { fewest, most })
      const answer = String(valuesOf(world).get(world.asked))
      return { id: `mini/${split}/${index}`, question: question(world), answer, solution: solution(world) }
    },
  }
}

/** The number of a text that ends with `answer N .`. */
export function finalAnswer(text: string): string | undefined {
  return /(?:^|\s)answer (\d+) \.$/.exec(text.trim())?.[1]
}

/** The solution from the step for `name` on; from the beginning for a quantity that the world does not have. */
function rest(world: World, name: string | undefined): string {
  if (name === 'answer') return answerText(valuesOf(world).get(world.asked) as number)
  const from = world.definitions.findIndex((definition) => definition.name === name)
  return solution(world, Math.max(0, from))
}
