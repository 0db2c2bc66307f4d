/** What a step of a configuration works on, in tokens: guesses from the lengths of some problems. Pure. */
import type { Config, MethodConfig } from '../config/config.ts'

/** Tokens, as means over some problems. */
export interface Lengths {
  readonly prompt: number
  readonly answer: number // of the worked solution, else half the limit; at most the limit
}

const ELIGIBLE_SHARE = 0.25 // of the groups get constructions, in a forecast
const LONGEST = 1.7 // times the mean: the longest answer of a batch

const ALIKE_SHARE = 0.25 // of the groups are rewarded alike, in a forecast

/** Problems attempted in a step, those among them whose groups are replaced. */
export function attemptedProblems({ rollout }: Config): number {
  return rollout.problems * Array.from({ length: rollout.replacements + 1 }, (_, round) => ALIKE_SHARE ** round).reduce((a, b) => a + b)
}

export function constructionsOf({ method, rollout }: Config): number {
  return 'zone' in method ? ELIGIBLE_SHARE * rollout.problems * method.zone.maxConstructions : 0
}

/** Whether the method compares with the weights that the run begins from, so that they are kept. */
export function keepsInitial(method: MethodConfig): boolean {
  return 'teacher' in method && method.teacher === 'fixed'
}

/** Whether a teacher reads the attempts while they are trained, and its distributions stand beside the model's; without one that is not so. */
export function teachesWhileTraining(method: MethodConfig): boolean {
  return 'teacher' in method && method.divergence !== 'sampled'
}

/** Answer tokens with a gradient: attempts where they have advantages, constructions with their sources, demonstrations as far as they are asked for. */
export function trainedTokens(config: Config, { answer }: Lengths): number {
  const { method, rollout } = config
  const attempts = 'aggregation' in method ? rollout.problems * rollout.groupSize : 0
  return (attempts + constructionsOf(config) * 2 + rollout.problems * demonstrated(method)) * answer
}

/** Of one problem, in answers: a row; or a solution, a correction and a reply. */
function demonstrated(method: MethodConfig): number {
  if (method.kind === 'rows') return 1
  if (!('solutions' in method)) return 0
  return (method.solutions ? 1 : 0) + method.correctionsPerProblem * ((method.corrections ? 1.5 : 0) + (method.reflections ? 2.5 : 0))
}

export function longestAnswer(answer: number, maxTokens: number): number {
  return Math.min(maxTokens, LONGEST * answer)
}
