/**
 * What the starter model learns from, by position: right solutions, corrections of corrupted attempts after the plain problem,
 * whole replies to the synthesis prompt, and drills of looking up. No model takes part in making them.
 */
import { synthesisReply } from '../../algorithm/prompt.ts'
import { fold, type Seed, uniform } from '../../random.ts'
import type { Correction } from '../../types.ts'
import { corruptedAttempt } from './corrupt.ts'
import { drill } from './drills.ts'
import { type Difficulty, generateWorld } from './generate.ts'
import { correct, reflectionRequest } from './mini.ts'
import { question, solution } from './world.ts'

/** One text in two parts: what is given and what is to be learnt. */
export interface Lesson {
  readonly kind: 'solution' | 'reflection' | 'reply' | 'drill'
  readonly given: string
  readonly learnt: string
}

/** Shares of the lessons; the rest are solutions. */
export interface Mixture {
  readonly reflections: number
  readonly replies: number
  readonly drills: number
}

export function lesson(seed: Seed, index: number, difficulty: Difficulty, mixture: Mixture): Lesson {
  const at = fold(seed, index, 0x6c)
  const draw = uniform(at, 0)
  const corrected = mixture.reflections + mixture.replies
  if (draw >= corrected && draw < corrected + mixture.drills) return drillLesson(fold(at, 2))
  const world = generateWorld(seed, 'train', index, difficulty)
  const problem = question(world)
  const right = solution(world)
  const attempt = draw < corrected ? corruptedAttempt(world, fold(at, 1)) : undefined
  const correction = attempt === undefined ? undefined : correct(world, attempt)
  if (attempt === undefined || correction === undefined) return { kind: 'solution', given: problem, learnt: right }
  const kept = attempt.slice(0, correction.keep)
  if (draw < mixture.reflections) return { kind: 'reflection', given: `${problem} ${kept}`, learnt: rest(correction) }
  const reply = synthesisReply(correction.analysis, `${kept} ${rest(correction)}`)
  return { kind: 'reply', given: reflectionRequest(problem, attempt, right), learnt: reply }
}

/** The first round is given: nothing tells its numbers. */
function drillLesson(seed: Seed): Lesson {
  const [first = '', ...later] = drill(seed)
  return { kind: 'drill', given: first, learnt: later.join(' ') }
}

function rest({ diagnosis, correction }: Correction): string {
  return `${diagnosis} ${correction}`
}
