/**
 * GRPO: attempts of a group against each other (docs/paper.md, one step).
 *
 * - Outcome rewards 0 or 1, advantages (r - mean) / (std + eps) over the group's rollouts [P]
 * - The clipped surrogate against the sampler's own log-probabilities at temperature 1; no KL term [D]
 * - Population deviation, eps 1e-6, clip 0.2 both ways, mean over the step's trained tokens [D], each a setting
 * - Departs from the original paper of GRPO: no reference model, one policy update a step, no reward for format
 */
import { advantages, type Baseline, defaultBaseline } from '../algorithm/advantages.ts'
import { type Aggregation, examples, type Sequence } from '../algorithm/examples.ts'
import { rewards } from '../algorithm/group.ts'
import type { Objective } from '../engine/engine.ts'
import type { Group } from '../types.ts'
import { groupMetrics, trainedMetrics } from './group-metrics.ts'
import type { Method } from './method.ts'
import { present } from './metric-names.ts'

export interface GrpoOptions {
  readonly baseline: Baseline
  readonly aggregation: Aggregation
  readonly clipLow: number // 0.2: ratios below 0.8 are clipped
  readonly clipHigh: number // 0.28 is "clip-higher"
}

export const grpoDefaults: GrpoOptions = { baseline: defaultBaseline, aggregation: 'token-mean', clipLow: 0.2, clipHigh: 0.2 }

export function grpo(options: Partial<GrpoOptions> = {}): Method {
  const settings = { ...grpoDefaults, ...options }
  const { baseline, aggregation } = settings
  return (groups, context) => {
    const sequences = groups.flatMap((group) => rolloutSequences(group, advantages(rewards(group), baseline)))
    const made = examples(sequences, { aggregation, maxTokens: context.maxTokens })
    const metrics = present({ ...groupMetrics(groups, context), ...trainedMetrics(made, ['rollout']) })
    return Promise.resolve({ examples: made, constructions: [], objective: clippedSurrogate(settings), metrics })
  }
}

export function clippedSurrogate({ clipLow, clipHigh }: Pick<GrpoOptions, 'clipLow' | 'clipHigh'>): Objective {
  return { kind: 'policy-gradient', clipLow, clipHigh }
}

/** A group's rollouts with their advantages [G], each of a whole rollout or of its tokens. */
export function rolloutSequences({ problem, prompt, rollouts }: Group, credits: readonly Sequence['advantage'][]): Sequence[] {
  return rollouts.map(({ completion: { tokens, logprobs } }, index) => ({
    id: `${problem.id} rollout ${index}`,
    origin: 'rollout',
    prompt,
    tokens,
    logprobs,
    advantage: credits[index] as Sequence['advantage'],
  }))
}
