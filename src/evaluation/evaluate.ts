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
import type { Group, Judge, Problem } from '../types.ts'
import { withAgreements } from './agreement.ts'
import { bootstrapOfSets } from './bootstrap.ts'
import { type Figures, figuresOf, namedFigures } from './figures.ts'
import type { Interval } from './wilson.ts'

export interface EvaluateOptions {
  readonly name: string // e.g. 'mini/development'
  readonly policy: Policy
  readonly tokenizer: Tokenizer
  readonly task: Judge
  readonly problems: readonly Problem[]
  readonly parts?: ProblemSet['parts'] // of `problems`, which then have figures of their own
  readonly sampling: Sampling // `count` answers for each problem
  readonly seed: Seed
  readonly greedy?: boolean // also one answer at temperature 0: separates what was learnt from what was sharpened
  readonly reflects?: (text: string) => boolean // has a reflection marker
  readonly contextLength?: number // tokens; a problem that does not fit is a DataError
}

/** All problems together, and by part where they have parts. */
export interface Evaluation extends Figures {
  readonly parts?: readonly Figures[]
  readonly passAt1OverParts?: Interval // mean of the parts' accuracies, however large each is; bootstrap over the problems of each
}

/** Every answer that an evaluation rests on. */
export interface Answers {
  readonly groups: readonly Group[]
  readonly greedy?: readonly Group[] // one attempt each, at temperature 0
}

const partsStream = 2 // fold(seed, 0, problem) samples answers, fold(seed, 1) is figures.ts's

/** The first `count` problems of a set, all when there are fewer; of a set with parts the first of each part. */
export function firstProblems(set: ProblemSet, count: number): Problem[] {
  return nextProblems(set, count, 0)
}

/** So many after the first `behind` problems, again of each part. */
export function nextProblems(set: ProblemSet, count: number, behind: number): Problem[] {
  return placesOf(set, behind, behind + count).map((i) => set.at(i))
}

/** The parts of what `firstProblems` gives. */
export function firstParts({ parts }: ProblemSet, count: number): ProblemSet['parts'] {
  return parts?.map(({ name, size }) => ({ name, size: Math.min(size, count) }))
}

function placesOf({ size, parts = [{ name: '', size }] }: ProblemSet, from: number, to: number): number[] {
  let start = 0
  return parts.flatMap((part) => {
    const first = start
    start += part.size
    return Array.from({ length: Math.max(0, Math.min(to, part.size) - from) }, (_, i) => first + from + i)
  })
}

export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  return judgedEvaluation(await answersTo(options), options)
}

/** Answers to figures, with the verdicts of the majority vote made where the task makes many at once. */
export async function judgedEvaluation(answers: Answers, options: EvaluateOptions): Promise<Evaluation> {
  return evaluationOf(answers, { ...options, task: await withAgreements(options.task, answers.groups) })
}

/** Asks everything: the sampled answers in one call of the engine, the greedy ones in another. */
export async function answersTo(options: EvaluateOptions): Promise<Answers> {
  const groups = await attempt({ ...options, seed: fold(options.seed, 0) }, options.problems)
  if (options.greedy !== true) return { groups }
  const sampling = { ...options.sampling, count: 1, temperature: 0 }
  return { groups, greedy: await attempt({ ...options, sampling }, options.problems) }
}

/** Pure: answers to figures. */
export function evaluationOf({ groups, greedy }: Answers, { name, task, sampling, seed, reflects, parts }: EvaluateOptions): Evaluation {
  const options = { name, task, samples: sampling.count, seed, ...(reflects && { reflects }) }
  const whole = figuresOf(groups, greedy, options)
  if (parts === undefined || parts.length < 2) return whole
  let end = 0
  const each = parts.map(({ name: part, size }) => {
    const [from, to] = [end, (end += size)]
    return figuresOf(groups.slice(from, to), greedy?.slice(from, to), { ...options, name: part })
  })
  const shares = each.map(({ right }) => right.map((count) => count / sampling.count))
  return { ...whole, parts: each, passAt1OverParts: bootstrapOfSets(shares, fold(seed, partsStream)) }
}

/** The evaluation as the log keeps it: figures by name, those of a part behind its name, those that do not exist left out. */
export function evaluationRecord(evaluation: Evaluation): EvaluationRecord {
  const { name, samples, problems, right, parts = [], passAt1OverParts } = evaluation
  const ofParts = parts.flatMap((part) => Object.entries(namedFigures(part)).map(([figure, value]) => [`${part.name}.${figure}`, value]))
  const { value, low, high } = passAt1OverParts ?? {}
  const overParts = passAt1OverParts && { passAt1OverParts: value, passAt1OverPartsLow: low, passAt1OverPartsHigh: high }
  const figures = { ...namedFigures(evaluation), ...overParts, ...(Object.fromEntries(ofParts) as Record<string, number>) }
  return { name, samples, problems, right, figures: figures as Record<string, number> }
}
