/**
 * From wrong rollouts to micro-reflective trajectories: the model is asked to correct its own attempts, its replies are read, and
 * what nothing refuses is scored after the plain problem. Two calls of the policy for a whole step: one to sample, one to score.
 */
import { candidates, type Zone } from '../algorithm/candidates.ts'
import { flat } from '../algorithm/flat.ts'
import { rewritingPrompt } from '../algorithm/prompt.ts'
import { type Refused, refused } from '../algorithm/refusal.ts'
import type { Attempt } from '../algorithm/prefix.ts'
import { type Suppression, suppressionWeights } from '../algorithm/suppression.ts'
import { tags } from '../algorithm/tags.ts'
import { type Spliced, spliceReply } from '../algorithm/trajectory.ts'
import type { Sampling } from '../engine/engine.ts'
import { fold } from '../random.ts'
import type { Completion, Group, Judge, Rollout, TokenScores } from '../types.ts'
import type { Construction, MethodContext } from './method.ts'

export interface SynthesisOptions {
  readonly zone: Zone
  readonly suppression: Suppression | 'off'
  readonly reconstruction: 'prefix' | 'whole' // keeps the wrong rollout up to its first error; or is a solution of its own, nothing kept
  readonly minPrefixShare: number // of the wrong rollout's tokens, in [0, 1]
  readonly reply: {
    readonly temperature: number
    readonly lengthFactor: number // the reply's token limit, in response limits: it holds an analysis and a whole solution
  }
}

/** One call that is to be made. */
interface Plan {
  readonly position: number // of the group in the step
  readonly group: Group
  readonly source: number
  readonly reference: number
  readonly prompt: Int32Array
}

/** A reply and what became of it. */
interface Draft {
  readonly plan: Plan
  readonly reply: Completion
  readonly replyText: string
  readonly analysis?: string
  readonly outcome: Spliced | Refused
}

/** The constructions of each group [Q], in order of the groups; none for a group outside the zone. */
export async function construct(groups: readonly Group[], context: MethodContext, options: SynthesisOptions): Promise<Construction[][]> {
  const sampling = replySampling(context, options)
  const plans = groups.flatMap((group, position) => plansOf(group, position, context, options))
  const limit = (context.contextLength ?? Infinity) - sampling.maxTokens
  const asked = plans.filter(({ prompt }) => prompt.length <= limit)
  const requests = asked.map(({ prompt, position, source }) => ({ prompt, seed: fold(context.seed, position, 1, source) }))
  const replies = requests.length === 0 ? [] : await context.policy.sample(requests, sampling)
  const replyTo = new Map(asked.map((plan, i) => [plan, replies[i]?.[0] as Completion]))
  const drafts = plans.map((plan) => draft(plan, replyTo.get(plan), context, options))
  const made = await scored(drafts, context, options)
  return groups.map((_, position) => made.filter((__, i) => plans[i]?.position === position))
}

/** The model's whole reply is wanted and no more: it may stop once the reconstruction is closed [D]. */
export function replySampling(
  { maxTokens }: Pick<MethodContext, 'maxTokens'>,
  { reply: { temperature, lengthFactor } }: Pick<SynthesisOptions, 'reply'>,
): Sampling {
  const stop = [tags.reconstruction.close]
  return { count: 1, maxTokens: Math.ceil(maxTokens * lengthFactor), temperature, topK: 0, topP: 1, minP: 0, stop }
}

function plansOf(group: Group, position: number, { seed, task, tokenizer }: MethodContext, options: SynthesisOptions): Plan[] {
  const ask = asking(task, options)
  return candidates(group, options.zone, fold(seed, position, 0)).map(({ source, reference }) => {
    const [attempt, guide] = [group.rollouts[source], group.rollouts[reference]] as [Rollout, Rollout]
    const prompt = tokenizer.prompt(ask(group.problem, attempt.text, guide.text))
    return { position, group, source, reference, prompt }
  })
}

/** The wording of the synthesis prompt: the task's own, or the package's where it has none. */
function asking(task: Judge, { reconstruction }: SynthesisOptions): Judge['askForReflection'] {
  if (reconstruction === 'prefix') return (...parts) => task.askForReflection(...parts)
  return (problem, attempt, reference) =>
    task.askForRewriting?.(problem, attempt, reference) ?? rewritingPrompt({ problem: task.ask(problem), attempt, reference })
}

function draft(plan: Plan, reply: Completion | undefined, context: MethodContext, options: SynthesisOptions): Draft {
  if (reply === undefined) return { plan, reply: unasked, replyText: '', outcome: refused('no-room') }
  const { tokenizer, maxTokens } = context
  const replyText = tokenizer.decode(reply.tokens)
  const attempt = attemptOf(plan.group.rollouts[plan.source] as Rollout, tokenizer)
  const limits = { minPrefixShare: options.minPrefixShare, maxTokens }
  const given = { text: replyText, end: reply.end }
  return { plan, reply, replyText, ...spliceReply(attempt, given, { ...limits, reconstruction: options.reconstruction }, tokenizer) }
}

const unasked: Completion = { tokens: new Int32Array(), logprobs: new Float32Array(), sampledLogprobs: new Float32Array(), end: 'length' }

/** A rollout as the text functions see it. */
export function attemptOf({ completion: { tokens, end }, text }: Rollout, tokenizer: MethodContext['tokenizer']): Attempt {
  return { text, tokens, ends: tokenizer.ends(tokens), end }
}

/** Scores under the policy that is to be updated, after the plain problem, at temperature 1 [D]: they are old log-probabilities and make the weights. */
async function scored(
  drafts: readonly Draft[],
  { policy, task }: MethodContext,
  { suppression }: SynthesisOptions,
): Promise<Construction[]> {
  const requests = drafts.flatMap(({ plan: { group }, outcome }) =>
    outcome.kind === 'spliced' ? [{ tokens: flat(group.prompt, outcome.tokens), from: group.prompt.length }] : [],
  )
  const scores = requests.length === 0 ? [] : await policy.score(requests)
  let next = 0
  return drafts.map(({ plan: { group, source, reference }, reply, replyText, analysis, outcome }) => {
    const { problem, prompt } = group
    const construction = { problem, source, reference, reply, replyText, ...(analysis !== undefined && { analysis }) }
    if (outcome.kind === 'refused') return { ...construction, refusal: outcome.reason }
    const own = answerScores(scores[next++] as TokenScores, prompt.length)
    const { tokens, prefixLength, diagnosisLength, text } = outcome
    const verdict = task.verify(problem, text)
    const weights = suppressionWeights(own, suppression)
    return { ...construction, trajectory: { tokens, prefixLength, diagnosisLength, text, verdict, scores: own, weights } }
  })
}

/** The part of a sequence's scores that speaks of the answer. */
function answerScores({ logprobs, entropies }: TokenScores, promptLength: number): TokenScores {
  return { logprobs: logprobs.slice(promptLength), entropies: entropies.slice(promptLength) }
}
