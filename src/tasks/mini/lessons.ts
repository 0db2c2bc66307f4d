/**
 * What the starter model learns from, by position: attempts of a student who slips and doubts (student.ts), replies to the synthesis
 * prompt, solutions beside a right attempt, and drills of looking up. So the model knows more than it does: its likeliest answer is right, what it samples slips, and it
 * doubts right and wrong steps alike, as a text from the world would; asked to find an error, it finds it, and shown a right attempt it
 * follows it. No model takes part.
 */
import { synthesisReply } from '../../algorithm/prompt.ts'
import { fold, type Seed, uniform } from '../../random.ts'
import { drill } from './drills.ts'
import { type Difficulty, generateWorld } from './generate.ts'
import { correct, finalAnswer, guidedQuestion, reflectionRequest } from './mini.ts'
import { type Student, studentAttempt } from './student.ts'
import { question, solution, valuesOf, type World } from './world.ts'

/** One text in two parts: what is given and what is to be learnt. */
export interface Lesson {
  readonly kind: 'attempt' | 'reply' | 'guided' | 'drill'
  readonly given: string
  readonly learnt: string
}

/** Shares of the lessons; the rest are attempts. */
export interface Mixture {
  readonly student: Student
  readonly replies: number
  readonly guided: number // solutions of a problem that a right attempt stands beside
  readonly drills: number
}

const TRIES = 8 // attempts of which one that came out as it should is taken

export function lesson(seed: Seed, index: number, difficulty: Difficulty, mixture: Mixture): Lesson {
  const at = fold(seed, index, 0x6c)
  const draw = uniform(at, 0)
  if (draw < mixture.drills) return drillLesson(fold(at, 2))
  const world = generateWorld(seed, 'train', index, difficulty)
  if (draw < mixture.drills + mixture.guided) return guidedLesson(world, mixture.student, fold(at, 1))
  const isReply = draw < mixture.drills + mixture.guided + mixture.replies
  const reply = isReply ? replyLesson(world, mixture.student, fold(at, 1)) : undefined
  return reply ?? { kind: 'attempt', given: question(world), learnt: studentAttempt(world, mixture.student, fold(at, 3)) }
}

/** A wrong attempt beside a right one, and what a careful reader makes of it; undefined where the tries bring no wrong one. */
function replyLesson(world: World, student: Student, seed: Seed): Lesson | undefined {
  const wrong = attemptThat(false, world, student, seed)
  const correction = wrong === undefined ? undefined : correct(world, wrong)
  if (wrong === undefined || correction === undefined) return undefined
  const corrected = `${wrong.slice(0, correction.keep)} ${correction.diagnosis} ${correction.correction}`
  const given = reflectionRequest(question(world), wrong, attemptThat(true, world, student, seed) ?? solution(world))
  return { kind: 'reply', given, learnt: synthesisReply(correction.analysis, corrected) }
}

function guidedLesson(world: World, student: Student, seed: Seed): Lesson {
  const given = guidedQuestion(question(world), attemptThat(true, world, student, seed) ?? solution(world))
  return { kind: 'guided', given, learnt: solution(world) }
}

/** The first of some attempts that comes out right, or wrong; undefined where none does. */
function attemptThat(isRight: boolean, world: World, student: Student, seed: Seed): string | undefined {
  const answer = String(valuesOf(world).get(world.asked))
  const attempts = Array.from({ length: TRIES }, (_, i) => studentAttempt(world, student, fold(seed, i)))
  return attempts.find((attempt) => (finalAnswer(attempt) === answer) === isRight)
}

/** The first round is given: nothing tells its numbers. */
function drillLesson(seed: Seed): Lesson {
  const [first = '', ...later] = drill(seed)
  return { kind: 'drill', given: first, learnt: later.join(' ') }
}
