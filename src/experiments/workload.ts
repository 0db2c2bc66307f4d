/** What a step of a configuration works on, in tokens: guesses from the lengths of some problems. Pure. */
import type { Config } from '../config/config.ts'

/** Tokens, as means over some problems. */
export interface Lengths {
  readonly prompt: number
  readonly answer: number // of the worked solution, else half the limit; at most the limit
}

const ELIGIBLE_SHARE = 0.25 // of the groups get constructions, in a forecast
const LONGEST = 1.7 // times the mean: the longest answer of a batch

export function constructionsOf({ method, rollout }: Config): number {
  return method.kind === 'tapo' ? ELIGIBLE_SHARE * rollout.problems * method.zone.maxConstructions : 0
}

/** Answer tokens with a gradient. Demonstrations: a solution, a correction and a reply of each problem, as far as they are asked for. */
export function trainedTokens(config: Config, { answer }: Lengths): number {
  const { method, rollout } = config
  if (method.kind === 'rows') return rollout.problems * answer
  if (method.kind !== 'sft') return (rollout.problems * rollout.groupSize + constructionsOf(config) * 2) * answer
  const corrected = method.correctionsPerProblem * ((method.corrections ? 1.5 : 0) + (method.reflections ? 2.5 : 0))
  return rollout.problems * ((method.solutions ? 1 : 0) + corrected) * answer
}

export function longestAnswer(answer: number, maxTokens: number): number {
  return Math.min(maxTokens, LONGEST * answer)
}
