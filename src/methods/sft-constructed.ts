/**
 * SFT on constructed data: likelihood on the micro-reflective trajectories that the model makes of its own wrong attempts, and on nothing
 * else (docs/paper.md, baselines). It is TAPO with another ending: what differs is what is learnt of a construction, not how it is made.
 *
 * - Groups in the zone, synthesis call, kept prefix and refusals are TAPO's
 * - Right constructions alone are learnt, every token alike: no comparison, no suppression, no clip, and no attempt [D]
 * - They are made at each step by the current policy, so that the arm runs beside the others for the same number of steps [D]
 */
import { trainedMetrics } from './group-metrics.ts'
import type { Method } from './method.ts'
import { present } from './metric-names.ts'
import { tapo, tapoDefaults, type TapoOptions } from './tapo.ts'

export type SftConstructedOptions = Pick<TapoOptions, 'zone' | 'reconstruction' | 'minPrefixShare' | 'reply' | 'prefixLoss'>

const { zone, reconstruction, minPrefixShare, reply, prefixLoss } = tapoDefaults
export const sftConstructedDefaults: SftConstructedOptions = { zone, reconstruction, minPrefixShare, reply, prefixLoss }

/** Every right construction with advantage 1 and weight 1, which is what the likelihood objective wants. */
const imitation = { comparison: 'decoupled', negatives: 'none', whenAllRight: 'imitate', suppression: 'off' } as const

export function sftConstructed(options: Partial<SftConstructedOptions> = {}): Method {
  const construct = tapo({ ...sftConstructedDefaults, ...options, ...imitation })
  return async (groups, context) => {
    const made = await construct(groups, context)
    const examples = made.examples.filter(({ origin }) => origin === 'construction')
    const { 'construction.zeroVariance': _, ...others } = made.metrics // nothing is compared
    const metrics = { ...others, ...present(trainedMetrics(examples, ['rollout', 'construction', 'source'])) }
    return { ...made, examples, objective: { kind: 'likelihood' }, metrics }
  }
}
