/**
 * What the starter model learns from, by position. As in text from the world, not every worked answer is right: some slip and go on,
 * some slip, notice and put it right. Beside these after the plain problem stand replies to the synthesis prompt and drills of looking
 * up. So the model knows more than it does: its likeliest answer is right, what it samples slips, and it can say where but does so
 * now and then. No model takes part in making lessons.
 */
import { synthesisReply } from '../../algorithm/prompt.ts'
import { fold, type Seed, uniform } from '../../random.ts'
import { corruptedAttempt } from './corrupt.ts'
import { drill } from './drills.ts'
import { type Difficulty, generateWorld } from './generate.ts'
import { correct, reflectionRequest } from './mini.ts'
import { question, solution, type World } from './world.ts'

/** One text in two parts: what is given and what is to be learnt. */
export interface Lesson {
  readonly kind: 'solution' | 'slip' | 'reflection' | 'reply' | 'drill'
  readonly given: string
  readonly learnt: string
}

/** Shares of the lessons; the rest are right solutions. */
export interface Mixture {
  readonly slips: number // wrong answers, in which the error is carried on to the end
  readonly reflections: number // wrong up to the first error, which is noticed and put right
  readonly replies: number // the same as a reply to the synthesis prompt
  readonly drills: number
}

export function lesson(seed: Seed, index: number, difficulty: Difficulty, mixture: Mixture): Lesson {
  const at = fold(seed, index, 0x6c)
  const kind = kindOf(uniform(at, 0), mixture)
  if (kind === 'drill') return drillLesson(fold(at, 2))
  const world = generateWorld(seed, 'train', index, difficulty)
  const wrong = kind === 'solution' ? undefined : wrongLesson(kind, world, fold(at, 1))
  return wrong ?? { kind: 'solution', given: question(world), learnt: solution(world) }
}

function kindOf(draw: number, { slips, reflections, replies, drills }: Mixture): Lesson['kind'] {
  const shares = [
    ['slip', slips],
    ['reflection', reflections],
    ['reply', replies],
    ['drill', drills],
  ] as const
  let below = 0
  return shares.find(([, share]) => draw < (below += share))?.[0] ?? 'solution'
}

/** Undefined where no step computes, or the corruption happened to leave the attempt right. */
function wrongLesson(kind: 'slip' | 'reflection' | 'reply', world: World, seed: Seed): Lesson | undefined {
  const given = question(world)
  const attempt = corruptedAttempt(world, seed)
  const correction = attempt === undefined ? undefined : correct(world, attempt)
  if (attempt === undefined || correction === undefined) return undefined
  const corrected = `${attempt.slice(0, correction.keep)} ${correction.diagnosis} ${correction.correction}`
  switch (kind) {
    case 'slip':
      return { kind, given, learnt: attempt }
    case 'reflection':
      return { kind, given, learnt: corrected }
    case 'reply':
      return { kind, given: reflectionRequest(given, attempt, solution(world)), learnt: synthesisReply(correction.analysis, corrected) }
    default:
      return kind satisfies never
  }
}

/** The first round is given: nothing tells its numbers. */
function drillLesson(seed: Seed): Lesson {
  const [first = '', ...later] = drill(seed)
  return { kind: 'drill', given: first, learnt: later.join(' ') }
}
