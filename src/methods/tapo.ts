/**
 * TAPO: GRPO, and beside it micro-reflective trajectories that the model makes of its own wrong attempts (docs/paper.md).
 *
 * - Groups in the zone (2 right, 4 wrong) get up to 4 constructions: kept prefix, diagnosis, correction [P]
 * - L = L_GRPO(rollouts) + lambda * L_ref(constructed), each with advantages of its own group: decoupled [P]
 * - L_ref's tokens are weighted by clamp(exp(log p + H), 0.01, 10) [P], data and not a function of the weights [I]
 * - Trained after the plain problem, never after the synthesis prompt [P]; the analysis is only logged [I]
 * - A construction that comes out wrong stays in its group with r = 0 [I], an undecided one is in no group [D]; the wrong attempts that the constructions came from
 *   may stand beside it, unweighted and trained whole whatever `prefixLoss` says, since their error is in the prefix [D]
 * - Old log-probabilities and entropies are scored under the policy before the update [D]; L_ref has a token mean of its own [D]
 */
import { paperZone } from '../algorithm/candidates.ts'
import { credit, type CreditOptions } from '../algorithm/credit.ts'
import { examples, type Sequence } from '../algorithm/examples.ts'
import { rewardOf, rewards } from '../algorithm/group.ts'
import { paperSuppression } from '../algorithm/suppression.ts'
import type { Group, Rollout } from '../types.ts'
import { auditMetrics } from './audit.ts'
import { accepted, type ConstructedGroup } from './constructed.ts'
import { constructionMetrics } from './construction-metrics.ts'
import { groupMetrics, trainedMetrics } from './group-metrics.ts'
import { clippedSurrogate, grpoDefaults, type GrpoOptions, rolloutSequences } from './grpo.ts'
import type { Construction, Method } from './method.ts'
import { present } from './metric-names.ts'
import { construct, type SynthesisOptions } from './synthesis.ts'

export interface TapoOptions extends GrpoOptions, CreditOptions, SynthesisOptions {
  readonly lambda: number // >= 0, weight of the constructed sequences' loss
  readonly prefixLoss: 'trained' | 'context' // whether kept prefixes are in the loss of their constructions
}

export const tapoDefaults: TapoOptions = {
  ...grpoDefaults,
  zone: paperZone,
  suppression: paperSuppression,
  lambda: 1, // [P]
  comparison: 'decoupled', // [P]
  negatives: 'both',
  whenAllRight: 'skip',
  prefixLoss: 'trained',
  reconstruction: 'prefix', // [P]
  minPrefixShare: 0.1,
  reply: { temperature: 1, lengthFactor: 2 },
}

export function tapo(options: Partial<TapoOptions> = {}): Method {
  const settings = { ...tapoDefaults, ...options }
  const { aggregation, lambda } = settings
  return async (groups, context) => {
    const made = await construct(groups, context, settings)
    const constructed = groups.map((group, q) => credited(group, made[q] ?? [], settings))
    const means = { aggregation, maxTokens: context.maxTokens }
    const rollouts = constructed.flatMap(({ group, credit: { rollouts: credits } }) => rolloutSequences(group, credits))
    const reflections = constructed.flatMap((each) => constructedSequences(each, settings))
    const all = [...examples(rollouts, means), ...examples(reflections, { ...means, scale: lambda })]
    const metrics = present({
      ...groupMetrics(groups, context),
      ...constructionMetrics(constructed, settings),
      ...auditMetrics(constructed, context),
      ...trainedMetrics(all, ['rollout', 'construction', 'source']),
    })
    return { examples: all, constructions: made.flat(), objective: clippedSurrogate(settings), metrics }
  }
}

function credited(group: Group, constructions: readonly Construction[], settings: TapoOptions): ConstructedGroup {
  const outcomes = accepted(constructions).map(({ trajectory }) => rewardOf(trajectory.verdict))
  return { group, constructions, credit: credit(rewards(group), outcomes, settings) }
}

/** The constructed group: each construction, and the wrong rollout that it came from where that is a negative with a gradient. */
function constructedSequences({ group, constructions, credit: credits }: ConstructedGroup, { prefixLoss }: TapoOptions): Sequence[] {
  const { problem, prompt, rollouts } = group
  return accepted(constructions).flatMap(({ source, trajectory }, c): Sequence[] => {
    const { tokens, scores, weights, prefixLength } = trajectory
    const construction: Sequence = {
      id: `${problem.id} construction ${source}`,
      origin: 'construction',
      prompt,
      tokens,
      logprobs: scores.logprobs,
      advantage: credits.constructions[c] as number,
      weights,
      contextLength: prefixLoss === 'context' ? prefixLength : 0,
    }
    const advantage = credits.sources[c] as number
    if (advantage === 0) return [construction]
    const { completion } = rollouts[source] as Rollout
    const negative = { prompt, tokens: completion.tokens, logprobs: completion.logprobs, advantage }
    return [construction, { id: `${problem.id} source ${source}`, origin: 'source', ...negative }]
  })
}
