/**
 * How good a policy is: n sampled answers to each problem, graded, with two intervals. It trains nothing and writes nothing.
 * The same seed gives every policy the same random numbers, so before and after differ by the policy alone.
 */
import type { Policy, Sampling } from '../engine/engine.ts'
import { fold, type Seed } from '../random.ts'
import { attempt } from '../rollout/attempt.ts'
import type { EvaluationRecord } from '../store/events.ts'
import type { ProblemSet } from '../tasks/task.ts'
import type { Tokenizer } from '../text/tokenizer.ts'
import type { Group, Judge, Problem, Rollout } from '../types.ts'
import { bootstrap } from './bootstrap.ts'
import { meanPassAtK, powersUpTo } from './pass-at-k.ts'
import { type ReflectionRates, reflectionRates } from './reflection-rates.ts'
import { type Interval, wilson } from './wilson.ts'

export interface EvaluateOptions {
  readonly name: string // e.g. 'mini/development'
  readonly policy: Policy
  readonly tokenizer: Tokenizer
  readonly task: Judge
  readonly problems: readonly Problem[]
  readonly sampling: Sampling // `count` answers for each problem
  readonly seed: Seed
  readonly greedy?: boolean // also one answer at temperature 0: separates what was learnt from what was sharpened
  readonly reflects?: (text: string) => boolean // has a reflection marker
  readonly contextLength?: number // tokens; a problem that does not fit is a DataError
}

/** Shares in [0, 1], lengths in tokens. */
export interface Evaluation {
  readonly name: string
  readonly samples: number
  readonly problems: readonly string[] // ids
  readonly right: readonly number[] // right answers of `samples`, for each problem
  readonly passAt1: Interval // Wilson over all answers: the sampling's own uncertainty, these problems taken as given
  readonly passAt1OverProblems: Interval // bootstrap over problems: includes that other problems could have been drawn
  readonly passAtK: readonly { readonly k: number; readonly value: number }[] // 1, 2, 4 ... samples
  readonly greedy?: Interval // accuracy at temperature 0, Wilson
  readonly reflection?: ReflectionRates
  readonly meanLength: number
  readonly truncatedShare: number // answers that met the token limit
  readonly sampledTokens: number
}

const bootstrapStream = 1 // fold(seed, 0, problem) samples answers

/** The first `count` problems of a set, all when there are fewer. */
export function firstProblems(set: ProblemSet, count: number): Problem[] {
  return Array.from({ length: Math.min(count, set.size) }, (_, i) => set.at(i))
}

export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { name, problems, sampling, seed, reflects } = options
  const groups = await attempt({ ...options, seed: fold(seed, 0) }, problems)
  const answers = groups.flatMap((group) => group.rollouts)
  const right = groups.map(rightOf)
  const total = right.reduce((sum, count) => sum + count, 0)
  const sampledTokens = answers.reduce((sum, answer) => sum + answer.completion.tokens.length, 0)
  return {
    name,
    samples: sampling.count,
    problems: problems.map((problem) => problem.id),
    right,
    passAt1: wilson(total, answers.length),
    passAt1OverProblems: bootstrap(
      right.map((count) => count / sampling.count),
      fold(seed, bootstrapStream),
    ),
    passAtK: powersUpTo(sampling.count).map((k) => ({ k, value: meanPassAtK(sampling.count, right, k) })),
    ...(options.greedy && { greedy: await greedyAccuracy(options) }),
    ...(reflects && { reflection: reflectionRates(answers.map((answer) => graded(answer, reflects))) }),
    meanLength: sampledTokens / answers.length,
    truncatedShare: answers.filter((answer) => answer.completion.end === 'length').length / answers.length,
    sampledTokens,
  }
}

/** The evaluation as the log keeps it: figures by name, those that do not exist left out. */
export function evaluationRecord(evaluation: Evaluation): EvaluationRecord {
  const { name, samples, problems, right, passAt1, passAt1OverProblems, passAtK, greedy, reflection } = evaluation
  const figures: Record<string, number> = {
    ...intervalFigures('passAt1', passAt1),
    ...intervalFigures('passAt1OverProblems', passAt1OverProblems),
    ...Object.fromEntries(passAtK.filter(({ k }) => k > 1).map(({ k, value }) => [`passAt${k}`, value])),
    ...(greedy && intervalFigures('greedy', greedy)),
    ...reflection,
    meanLength: evaluation.meanLength,
    truncatedShare: evaluation.truncatedShare,
    sampledTokens: evaluation.sampledTokens,
  }
  return {
    name,
    samples,
    problems,
    right,
    figures: Object.fromEntries(Object.entries(figures).filter(([, value]) => !Number.isNaN(value))),
  }
}

async function greedyAccuracy(options: EvaluateOptions): Promise<Interval> {
  const groups = await attempt({ ...options, sampling: { ...options.sampling, count: 1, temperature: 0 } }, options.problems)
  return wilson(groups.filter((group) => rightOf(group) === 1).length, groups.length)
}

function rightOf(group: Group): number {
  return group.rollouts.filter((rollout) => rollout.verdict.reward === 1).length
}

function graded(answer: Rollout, reflects: (text: string) => boolean): { right: boolean; reflects: boolean } {
  return { right: answer.verdict.reward === 1, reflects: reflects(answer.text) }
}

function intervalFigures(name: string, { value, low, high }: Interval): Record<string, number> {
  return { [name]: value, [`${name}Low`]: low, [`${name}High`]: high }
}
