/**
 * OPSD: on-policy self-distillation (Zhao et al., arXiv 2601.18734; docs/paper.md, baselines).
 *
 * - The student's attempts at the plain problem are sampled as ever; no reward enters
 * - The teacher is the same model given the problem and a verified solution: with the weights of the run's start, or as it stands
 * - Along every attempt the student's distribution is drawn to the teacher's: forward KL, each term of the vocabulary capped at 0.05
 *   nats, or JSD or reverse KL [P]; mean over the step's tokens [D]. A term above the cap pulls no more: where that is the word that the
 *   teacher wants, what is left of the others pushes it down (LOG.md, "Whole distributions")
 * - Sampled-token form, a setting and what engines without such an objective get: A_t = log p_T(y_t) - log p_S(y_t), neither centred, scaled
 *   nor capped [D], in the clipped surrogate of grpo.ts, so that the gradient is A_t times that of log p_S
 * - The solution is the problem's own, else one of the group's right attempts at random; a group with neither has no gradient [D]
 */
import { type Aggregation, examples, type Sequence } from '../algorithm/examples.ts'
import { flat } from '../algorithm/flat.ts'
import { rewards, rightOf } from '../algorithm/group.ts'
import { guidedPrompt } from '../algorithm/prompt.ts'
import type { Direction, Objective, Policy } from '../engine/engine.ts'
import { UsageError } from '../errors.ts'
import { fold, integer } from '../random.ts'
import type { Example, Group, Rollout, TokenScores } from '../types.ts'
import { groupMetrics, trainedMetrics } from './group-metrics.ts'
import { clippedSurrogate, grpoDefaults, rolloutSequences } from './grpo.ts'
import type { Method, MethodContext } from './method.ts'
import { meanOf, type Metrics, present, shareOf } from './metric-names.ts'

export interface OpsdOptions {
  readonly aggregation: Aggregation
  readonly clipLow: number // of the sampled-token form, and so is clipHigh
  readonly clipHigh: number
  readonly teacher: 'fixed' | 'live' // the weights of the run's start, or the current ones
  readonly divergence: Direction | 'sampled' // over the whole vocabulary, or the sampled-token form
  readonly cap: number // nats that a term of the vocabulary counts at most; 0 = any
}

const { aggregation, clipLow, clipHigh } = grpoDefaults
export const opsdDefaults: OpsdOptions = { aggregation, clipLow, clipHigh, teacher: 'fixed', divergence: 'forward', cap: 0.05 }

/** A group with its teacher's prompt and what the attempts count [G], or their tokens [A] each; undefined where nothing could guide it. */
interface Taught {
  readonly group: Group
  readonly prompt: Int32Array | undefined
  readonly credits: readonly Sequence['advantage'][] | undefined
}

export function opsd(options: Partial<OpsdOptions> = {}): Method {
  const settings = { ...opsdDefaults, ...options }
  return async (groups, context) => {
    const teacher = teacherOf(settings, context)
    const direction = directionOf(settings, context)
    const guided = groups.map((group, position) => ({ group, prompt: teachersPrompt(group, position, context) }))
    const taught = direction === undefined ? await tokenCredits(guided, teacher) : guided.map(alike)
    const means = { aggregation: settings.aggregation, maxTokens: context.maxTokens }
    const plain = examples(taught.flatMap(distilled), means)
    const made = direction === undefined ? plain : behindTeachers(plain, taught)
    const objective: Objective =
      direction === undefined
        ? clippedSurrogate(settings)
        : { kind: 'divergence', direction, cap: settings.cap === 0 ? Infinity : settings.cap, teacher: teacher.version }
    const metrics = present({ ...groupMetrics(groups, context), ...teacherMetrics(taught), ...trainedMetrics(made, ['rollout']) })
    return { examples: made, constructions: [], objective, metrics }
  }
}

/** Undefined for the sampled-token form. */
function directionOf({ divergence }: OpsdOptions, { objectives }: MethodContext): Direction | undefined {
  return divergence !== 'sampled' && objectives?.includes('divergence') ? divergence : undefined
}

function teacherOf({ teacher }: OpsdOptions, { policy, initial }: MethodContext): Policy {
  if (teacher === 'live') return policy
  if (initial !== undefined) return initial
  throw new UsageError(
    "opsd: the fixed teacher needs the policy of the run's start, and the loop was given none; give it `initial`, or teach live",
  )
}

/** Every token of a guided group counts alike: the engine asks the teacher itself. */
function alike({ group, prompt }: Omit<Taught, 'credits'>): Taught {
  return { group, prompt, credits: prompt && group.rollouts.map(() => 1) }
}

function behindTeachers(made: readonly Example[], taught: readonly Taught[]): Example[] {
  const prompts = taught.flatMap(({ group, prompt }) => group.rollouts.map(() => prompt))
  return made.map((example, i) => ({ ...example, ...(prompts[i] && { teacherPrompt: prompts[i] }) }))
}

/** One call of the teacher for a whole step. */
async function tokenCredits(guided: readonly Omit<Taught, 'credits'>[], teacher: Policy): Promise<Taught[]> {
  const requests = guided.flatMap(({ group, prompt }) =>
    prompt === undefined ? [] : group.rollouts.map(({ completion }) => ({ tokens: flat(prompt, completion.tokens), from: prompt.length })),
  )
  const scores = requests.length === 0 ? [] : await teacher.score(requests)
  let next = 0
  return guided.map(({ group, prompt }) => ({
    group,
    prompt,
    credits: prompt && group.rollouts.map((rollout) => tokenAdvantages(scores[next++] as TokenScores, prompt.length, rollout)),
  }))
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

function distilled({ group, credits }: Taught): Sequence[] {
  return rolloutSequences(group, credits ?? group.rollouts.map(() => 0))
}

/** The advantages are those of the sampled-token form; of a divergence the engine reports its mean. */
function teacherMetrics(taught: readonly Taught[]): Metrics {
  const tokens = (wanted: number | undefined): number[] =>
    taught.flatMap(({ group, credits = [] }) => {
      const rewarded = rewards(group)
      return credits.flatMap((each, i) => (typeof each === 'number' || rewarded[i] !== wanted ? [] : Array.from(each)))
    })
  const [right, wrong, undecided] = [tokens(1), tokens(0), tokens(undefined)]
  return {
    'teacher.guided': shareOf(taught, ({ credits }) => credits !== undefined),
    'teacher.advantage': meanOf([...right, ...wrong, ...undecided]),
    'teacher.advantageRight': meanOf(right),
    'teacher.advantageWrong': meanOf(wrong),
  }
}
