/** Sequences to imitate: worked solutions, and what a task that knows its own steps would write of a wrong rollout. Nothing is sampled here. */
import { flat } from '../algorithm/flat.ts'
import { rightOf } from '../algorithm/group.ts'
import { synthesisReply } from '../algorithm/prompt.ts'
import { spliceCorrection } from '../algorithm/trajectory.ts'
import { integer, type Seed } from '../random.ts'
import type { Group, Rollout } from '../types.ts'
import type { MethodContext } from './method.ts'
import { attemptOf } from './synthesis.ts'

export type KindOfDemonstration = 'solution' | 'correction' | 'reflection'

export interface Demonstration {
  readonly kind: KindOfDemonstration
  readonly id: string
  readonly prompt: Int32Array
  readonly tokens: Int32Array // the answer, end token included
  readonly contextLength: number // answer tokens that are not learnt
}

/** Plain problem -> the problem's own solution; none where the data has none. */
export function demonstrateSolution({ problem, prompt }: Group, { tokenizer }: MethodContext): Demonstration[] {
  if (problem.solution === undefined) return []
  return [{ kind: 'solution', id: `${problem.id} solution`, prompt, tokens: ended(problem.solution, tokenizer), contextLength: 0 }]
}

export interface CorrectionOptions {
  readonly context: MethodContext
  readonly seed: Seed
  readonly prefixLoss: 'trained' | 'context'
}

/**
 * Plain problem -> micro-reflective solution, and synthesis prompt -> the reply that gives it. None where the task does not know; no
 * reply where there is no right rollout and no solution to guide it.
 */
export function demonstrateCorrection(group: Group, source: number, { context, seed, prefixLoss }: CorrectionOptions): Demonstration[] {
  const { task, tokenizer } = context
  const { problem, prompt, rollouts } = group
  const rollout = rollouts[source] as Rollout
  const correction = task.correct?.(problem, rollout.text)
  if (correction === undefined) return []
  const { tokens, text, prefixLength } = spliceCorrection(attemptOf(rollout, tokenizer), correction, tokenizer)
  const contextLength = prefixLoss === 'context' ? prefixLength : 0
  const plain: Demonstration = { kind: 'correction', id: `${problem.id} correction ${source}`, prompt, tokens, contextLength }
  const reference = referenceOf(group, seed)
  if (reference === undefined) return [plain]
  const asked = tokenizer.prompt(task.askForReflection(problem, rollout.text, reference))
  const reply = ended(synthesisReply(correction.analysis, text), tokenizer)
  return [plain, { kind: 'reflection', id: `${problem.id} reflection ${source}`, prompt: asked, tokens: reply, contextLength: 0 }]
}

/** Whether the model can see all of it at once. */
export function fits({ prompt, tokens }: Demonstration, { contextLength = Infinity }: MethodContext): boolean {
  return prompt.length + tokens.length <= contextLength
}

/** A right rollout at random, else the problem's own solution. */
export function referenceOf(group: Group, seed: Seed): string | undefined {
  const right = rightOf(group)
  if (right.length === 0) return group.problem.solution
  return group.rollouts[right[integer(seed, 0, right.length)] as number]?.text
}

/** A whole answer as tokens. */
export function ended(text: string, tokenizer: MethodContext['tokenizer']): Int32Array {
  return flat(tokenizer.encode(text), Int32Array.from(tokenizer.endTokens.slice(0, 1)))
}
