/** What a method is: a function from a step's graded groups to training examples. Nothing here knows an engine or a task by name. */
import type { Refusal } from '../algorithm/refusal.ts'
import type { Objective, Policy, Trainer } from '../engine/engine.ts'
import type { Seed } from '../random.ts'
import type { Tokenizer } from '../text/tokenizer.ts'
import type { Completion, Example, Group, Judge, Problem, TokenScores, Verdict } from '../types.ts'

/** What a method may use: the policy that made the rollouts, and the task's own judgement. */
export interface MethodContext {
  readonly policy: Policy
  readonly initial?: Policy // the weights of the run's start, where the run keeps them
  readonly objectives?: Trainer['objectives'] // what the engine can minimize; the two that every engine can, where nothing is said
  readonly tokenizer: Tokenizer
  readonly task: Judge
  readonly seed: Seed // of this step and of the method alone; fold it before use
  readonly maxTokens: number // the response limit
  readonly contextLength?: number // tokens that the model can see at once; without it nothing is refused for want of room
  readonly reflects?: (text: string) => boolean // has a reflection marker; without it the reflection rate is not measured
}

/** A reflection that was tried. `refusal` says why it cannot be trained on; else the three parts and their scores are there. */
export interface Construction {
  readonly problem: Problem
  readonly source: number // index of the wrong rollout in its group
  readonly reference: number // index of the right rollout that guided it
  readonly reply: Completion // the synthesis call's own tokens, never trained; empty where it was not made ('no-room')
  readonly replyText: string
  readonly analysis?: string // the text inside <analysis>, only logged
  readonly refusal?: Refusal
  readonly trajectory?: Trajectory
}

/** A micro-reflective trajectory: prefix kept as the rollout's own token ids, then diagnosis and correction. */
export interface Trajectory {
  readonly tokens: Int32Array // [T] answer tokens: prefix, diagnosis, correction, end token
  readonly prefixLength: number // tokens [0, prefixLength) are the wrong rollout's own ids
  readonly diagnosisLength: number // tokens [prefixLength, prefixLength + diagnosisLength)
  readonly text: string
  readonly verdict: Verdict
  readonly scores: TokenScores // [T] of the answer under the pre-update policy after the plain prompt
  readonly weights: Float32Array // [T] suppression weights
}

export interface MethodResult {
  /** Those of rollouts stand first, one for each rollout in order of the groups, also where every advantage is 0. */
  readonly examples: readonly Example[]
  readonly constructions: readonly Construction[]
  readonly objective: Objective
  /** Named figures of the step (metrics.ts says what each means); every one is logged and plotted under its own name. */
  readonly metrics: Readonly<Record<string, number>>
}

export type Method = (groups: readonly Group[], context: MethodContext) => Promise<MethodResult>
