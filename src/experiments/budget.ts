/**
 * What a run needs of an engine that is not this machine's: tokens by kind, and, from stated speeds, time and money. Sums over the
 * configuration; a quarter of the groups is taken to get constructions (workload.ts). Pure.
 */
import type { Config } from '../config/config.ts'
import { attemptedProblems, constructionsOf, type Lengths, trainedTokens } from './workload.ts'

/** Tokens. */
export interface Tokens {
  readonly sampled: number // attempts and replies
  readonly read: number // prompts before sampling, and constructions that are scored
  readonly trained: number // with a gradient; prompts are computed beside them
}

export interface Budget {
  readonly step: Tokens
  readonly evaluation: Tokens // one of them
  readonly evaluations: number
  readonly run: Tokens // all steps and evaluations
}

/** An engine as its owner states it. */
export interface StatedEngine extends Lengths {
  readonly sample: number // tokens per second, of all its devices together
  readonly score: number
  readonly train: number
  readonly price?: number // an hour, in any currency
}

export interface Estimate {
  readonly stepSeconds: number
  readonly runSeconds: number
  readonly cost?: number
}

export function budgetOf(config: Config, lengths: Lengths): Budget {
  const { steps, rollout, evaluation } = config
  const { prompt, answer } = lengths
  const constructions = constructionsOf(config)
  const problems = attemptedProblems(config)
  const taught = 'teacher' in config.method ? rollout.problems * rollout.groupSize : 0 // attempts, after problem and solution
  const step = {
    sampled: problems * rollout.groupSize * answer + constructions * 2 * answer,
    read: problems * prompt + constructions * (2 * prompt + 3 * answer) + taught * (prompt + 2 * answer), // replies read problem, attempt and reference
    trained: trainedTokens(config, lengths),
  }
  const answers = evaluation.problems * (evaluation.samples + (evaluation.greedy ? 1 : 0))
  const each = { sampled: answers * answer, read: evaluation.problems * prompt, trained: 0 }
  const evaluations = evaluation.everySteps === 0 ? 0 : 1 + Math.ceil(steps / evaluation.everySteps)
  return { step, evaluation: each, evaluations, run: sum(scaled(step, steps), scaled(each, evaluations)) }
}

export function estimate({ step, run }: Budget, engine: StatedEngine): Estimate {
  const runSeconds = seconds(run, engine)
  const { price } = engine
  return { stepSeconds: seconds(step, engine), runSeconds, ...(price !== undefined && { cost: (price * runSeconds) / 3600 }) }
}

function seconds({ sampled, read, trained }: Tokens, { sample, score, train }: StatedEngine): number {
  return sampled / sample + read / score + trained / train
}

function scaled({ sampled, read, trained }: Tokens, times: number): Tokens {
  return { sampled: sampled * times, read: read * times, trained: trained * times }
}

function sum(a: Tokens, b: Tokens): Tokens {
  return { sampled: a.sampled + b.sampled, read: a.read + b.read, trained: a.trained + b.trained }
}
