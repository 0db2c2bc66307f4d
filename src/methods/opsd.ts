/**
 * OPSD: on-policy self-distillation (Zhao et al., arXiv 2601.18734) in its sampled-token form (docs/paper.md, baselines).
 *
 * - The student's attempts at the plain problem are sampled as ever; no reward enters
 * - The teacher is the same model given the problem and a verified solution: with the weights of the run's start, or as it stands
 * - A_t = log p_T(y_t) - log p_S(y_t) for every token of every attempt, both at temperature 1: neither centred, scaled nor clipped [D]
 * - The solution is the problem's own, else one of the group's right attempts at random; a group with neither has no gradient [D]
 * - The clipped surrogate of grpo.ts, so that the gradient is A_t times that of log p_S; mean over the step's tokens [D]
 * - Departs from the method's first form, a divergence over the whole vocabulary: engines here report the sampled token's alone
 */
import { type Aggregation, examples, type Sequence } from '../algorithm/examples.ts'
import { flat } from '../algorithm/flat.ts'
import { rewards, rightOf } from '../algorithm/group.ts'
import { guidedPrompt } from '../algorithm/prompt.ts'
import type { Policy } from '../engine/engine.ts'
import { UsageError } from '../errors.ts'
import { fold, integer } from '../random.ts'
import type { Group, Rollout, TokenScores } from '../types.ts'
import { groupMetrics, trainedMetrics } from './group-metrics.ts'
import { clippedSurrogate, grpoDefaults, rolloutSequences } from './grpo.ts'
import type { Method, MethodContext } from './method.ts'
import { meanOf, type Metrics, present, shareOf } from './metric-names.ts'

export interface OpsdOptions {
  readonly aggregation: Aggregation
  readonly clipLow: number
  readonly clipHigh: number
  readonly teacher: 'fixed' | 'live' // the weights of the run's start, or the current ones
}

const { aggregation, clipLow, clipHigh } = grpoDefaults
export const opsdDefaults: OpsdOptions = { aggregation, clipLow, clipHigh, teacher: 'fixed' }

/** A group with what the teacher says of its attempts: advantages [G] of [A] each; undefined where nothing could guide it. */
interface Taught {
  readonly group: Group
  readonly advantages: readonly Float32Array[] | undefined
}

export function opsd(options: Partial<OpsdOptions> = {}): Method {
  const settings = { ...opsdDefaults, ...options }
  return async (groups, context) => {
    const taught = await teach(groups, context, teacherOf(settings, context))
    const means = { aggregation: settings.aggregation, maxTokens: context.maxTokens }
    const made = examples(taught.flatMap(distilled), means)
    const metrics = present({ ...groupMetrics(groups, context), ...teacherMetrics(taught), ...trainedMetrics(made, ['rollout']) })
    return { examples: made, constructions: [], objective: clippedSurrogate(settings), metrics }
  }
}

function teacherOf({ teacher }: OpsdOptions, { policy, initial }: MethodContext): Policy {
  if (teacher === 'live') return policy
  if (initial !== undefined) return initial
  throw new UsageError(
    "opsd: the fixed teacher needs the policy of the run's start, and the loop was given none; give it `initial`, or teach live",
  )
}

/** One call of the teacher for a whole step. */
async function teach(groups: readonly Group[], context: MethodContext, teacher: Policy): Promise<Taught[]> {
  const prompts = groups.map((group, position) => teachersPrompt(group, position, context))
  const requests = groups.flatMap(({ rollouts }, q) => {
    const prompt = prompts[q]
    return prompt === undefined ? [] : rollouts.map(({ completion }) => ({ tokens: flat(prompt, completion.tokens), from: prompt.length }))
  })
  const scores = requests.length === 0 ? [] : await teacher.score(requests)
  let next = 0
  return groups.map((group, q) => {
    const from = prompts[q]?.length
    if (from === undefined) return { group, advantages: undefined }
    return { group, advantages: group.rollouts.map((rollout) => tokenAdvantages(scores[next++] as TokenScores, from, rollout)) }
  })
}

/** Undefined where there is no verified solution, or where it leaves no room for an attempt in the context. */
function teachersPrompt(group: Group, position: number, context: MethodContext): Int32Array | undefined {
  const { task, tokenizer, contextLength = Infinity } = context
  const { problem, rollouts } = group
  const solution = problem.solution ?? rightText(group, fold(context.seed, position))
  if (solution === undefined) return undefined
  const asked = task.askWithSolution?.(problem, solution) ?? guidedPrompt({ problem: task.ask(problem), solution })
  const prompt = tokenizer.prompt(asked)
  const longest = Math.max(0, ...rollouts.map(({ completion }) => completion.tokens.length))
  return prompt.length + longest <= contextLength ? prompt : undefined
}

function rightText(group: Group, seed: MethodContext['seed']): string | undefined {
  const right = rightOf(group)
  return right.length === 0 ? undefined : group.rollouts[right[integer(seed, 0, right.length)] as number]?.text
}

function tokenAdvantages({ logprobs }: TokenScores, from: number, { completion }: Rollout): Float32Array {
  return completion.logprobs.map((student, t) => (logprobs[from + t] as number) - student)
}

function distilled({ group, advantages }: Taught): Sequence[] {
  return rolloutSequences(group, advantages ?? group.rollouts.map(() => 0))
}

function teacherMetrics(taught: readonly Taught[]): Metrics {
  const tokens = (reward: number | undefined): number[] =>
    taught.flatMap(({ group, advantages = [] }) => advantages.flatMap((each, i) => (rewards(group)[i] === reward ? Array.from(each) : [])))
  const [right, wrong, undecided] = [tokens(1), tokens(0), tokens(undefined)]
  return {
    'teacher.guided': shareOf(taught, ({ advantages }) => advantages !== undefined),
    'teacher.advantage': meanOf([...right, ...wrong, ...undecided]),
    'teacher.advantageRight': meanOf(right),
    'teacher.advantageWrong': meanOf(wrong),
  }
}
