/**
 * The mini-world as a task: generated word problems that a model of about a million parameters can learn, and whose truth is
 * known step by step. An ordinary task behind the ordinary interface.
 */
import { fold, seedOf } from '../../random.ts'
import type { Correction, Problem } from '../../types.ts'
import type { ProblemSet, Split, Task } from '../task.ts'
import { type Difficulty, generateWorld } from './generate.ts'
import { firstError, readSteps } from './steps.ts'
import { answerText, parseQuestion, question, solution, valuesOf, type World } from './world.ts'

export interface MiniOptions extends Difficulty {
  readonly seed: number
  readonly sizes: Readonly<Record<Split, number>> // problems of each split
}

export const miniDefaults: MiniOptions = { seed: 1, fewest: 4, most: 6, sizes: { train: 100_000, development: 1000, test: 1000 } }

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
    askForReflection: (problem, attempt, reference) => `${problem.question} attempt ${attempt} reference ${reference} reflect`,
    correct,
  }
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

/** The last `answer N .` of a text that ends with it. */
function finalAnswer(text: string): string | undefined {
  return /(?:^|\s)answer (\d+) \.$/.exec(text.trim())?.[1]
}

/** Keeps the attempt through its first wrong sentence, says what is wrong, and does that step again and all after it. */
function correct(problem: Problem, attempt: string): Correction | undefined {
  const world = parseQuestion(problem.question)
  if (world === undefined) return undefined
  const sentences = readSteps(world, attempt)
  const wrong = firstError(sentences)
  if (wrong === undefined || wrong.error === undefined) return undefined
  return { keep: wrong.end, diagnosis: `wait , ${wrong.error} .`, correction: rest(world, wrong.name), analysis: wrong.error }
}

/** The solution from the step for `name` on; from the beginning for a quantity that the world does not have. */
function rest(world: World, name: string | undefined): string {
  if (name === 'answer') return answerText(valuesOf(world).get(world.asked) as number)
  return solution(world, Math.max(0, world.definitions.findIndex((definition) => definition.name === name)))
}
