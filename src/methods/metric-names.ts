/**
 * The figures that methods and the loop log at each step: every name, what it means and in what unit. A figure that has nothing to be
 * taken over (a mean of no constructions) is left out of its step. What the update itself reports is engine.ts's StepReport.
 */
import { type Refusal, refusals } from '../algorithm/refusal.ts'

export interface MetricMeaning {
  readonly meaning: string
  readonly unit: 'share' | 'count' | 'tokens' | 'nats' | 'weight' // share: in [0, 1]
}

const refusalMeanings: Readonly<Record<Refusal, string>> = {
  'no-room': 'synthesis prompt and reply do not fit into the context',
  truncated: 'the reply met its token limit',
  'no-tags': 'no <reconstruction> in the reply',
  'unclosed-tag': '<reconstruction> is not closed',
  'not-verbatim': 'it does not begin with the attempt',
  'no-divergence': 'it never leaves the attempt',
  'short-prefix': 'it keeps too little of the attempt',
  leak: 'it betrays the reference or its instructions',
  'too-long': 'it is longer than the response limit',
}

/** Why a reply is refused, in words; undefined for what is no refusal. */
export function refusalMeaning(reason: string): string | undefined {
  return (refusalMeanings as Readonly<Record<string, string>>)[reason]
}

const named = {
  accuracy: { meaning: 'attempts that are right', unit: 'share' },
  undecidedShare: { meaning: 'attempts that the verifier could not decide; they have no gradient', unit: 'share' },
  responseLength: { meaning: 'mean length of an attempt', unit: 'tokens' },
  truncatedShare: { meaning: 'attempts that met the response limit', unit: 'share' },
  sampledTokens: { meaning: 'tokens sampled, synthesis replies included', unit: 'tokens' },
  reflectionRate: { meaning: 'attempts with a reflection marker', unit: 'share' },
  'group.zeroVariance': { meaning: 'groups rewarded alike, which have no gradient', unit: 'share' },
  'group.allRight': { meaning: 'groups with every attempt right', unit: 'share' },
  'group.allWrong': { meaning: 'groups with every attempt wrong', unit: 'share' },
  'group.replaced': { meaning: 'groups rewarded alike that gave their places to further problems', unit: 'count' },
  'group.eligible': { meaning: 'groups in the zone, where constructions are tried', unit: 'share' },
  'construction.attempted': { meaning: 'wrong attempts chosen to be corrected', unit: 'count' },
  'construction.parseRate': { meaning: 'of those, corrections that nothing refused', unit: 'share' },
  'construction.successRate': { meaning: 'of the corrections not refused, those that are right', unit: 'share' },
  'construction.undecided': { meaning: 'those that the verifier could not decide; they have no gradient', unit: 'count' },
  'construction.zeroVariance': { meaning: 'constructed groups rewarded alike', unit: 'share' },
  'construction.length': { meaning: 'mean length of a correction', unit: 'tokens' },
  'construction.prefixLength': { meaning: 'mean length of the kept prefix', unit: 'tokens' },
  'construction.prefixShare': { meaning: 'mean share of the wrong attempt that is kept', unit: 'share' },
  'construction.diagnosisLength': { meaning: 'mean length of the diagnosis', unit: 'tokens' },
  'construction.logprob': { meaning: 'mean log-probability of a token of a correction', unit: 'nats' },
  'construction.entropy': { meaning: 'mean entropy where a token of a correction stands', unit: 'nats' },
  'audit.exact': { meaning: 'corrections that keep the attempt just through its true first error, where the task knows it', unit: 'share' },
  'audit.early': { meaning: 'corrections that leave the attempt before its true first error', unit: 'share' },
  'audit.late': { meaning: 'corrections that leave it after its true first error', unit: 'share' },
  'weight.mean': { meaning: 'mean suppression weight', unit: 'weight' },
  'weight.prefix': { meaning: 'mean suppression weight in kept prefixes', unit: 'weight' },
  'weight.diagnosis': { meaning: 'mean suppression weight in diagnoses', unit: 'weight' },
  'weight.correction': { meaning: 'mean suppression weight after the diagnosis', unit: 'weight' },
  'weight.atLow': { meaning: 'weights at the lower clamp', unit: 'share' },
  'weight.atHigh': { meaning: 'weights at the upper clamp', unit: 'share' },
  'teacher.guided': { meaning: 'groups with a verified solution for the teacher', unit: 'share' },
  'teacher.advantage': { meaning: "mean of the teacher's log-probability less the student's, of an attempt's token", unit: 'nats' },
  'teacher.advantageRight': { meaning: 'the same over right attempts', unit: 'nats' },
  'teacher.advantageWrong': { meaning: 'the same over wrong attempts', unit: 'nats' },
  'trained.rollout': { meaning: 'attempts with a gradient', unit: 'count' },
  'trained.construction': { meaning: 'corrections with a gradient', unit: 'count' },
  'trained.source': { meaning: 'wrong attempts with a gradient as negatives of a constructed group', unit: 'count' },
  'trained.demonstration': { meaning: 'demonstrations', unit: 'count' },
  'demonstration.solution': { meaning: 'worked solutions among them', unit: 'count' },
  'demonstration.correction': { meaning: 'micro-reflective solutions among them', unit: 'count' },
  'demonstration.reflection': { meaning: 'synthesis replies among them', unit: 'count' },
  'demonstration.noRoom': { meaning: 'demonstrations left out because they do not fit into the context', unit: 'count' },
} as const

export type MetricName = keyof typeof named | `construction.refused.${Refusal}`

/** Every name that a step may log, in the order in which to show them. */
export const metricNames: Readonly<Record<MetricName, MetricMeaning>> = {
  ...named,
  ...(Object.fromEntries(
    refusals.map((reason) => [
      `construction.refused.${reason}`,
      { meaning: `corrections refused: ${refusalMeanings[reason]}`, unit: 'count' },
    ]),
  ) as Record<`construction.refused.${Refusal}`, MetricMeaning>),
}

/** Figures of a step; undefined = nothing to take it over. */
export type Metrics = Partial<Record<MetricName, number | undefined>>

/** The figures that exist. */
export function present(metrics: Metrics): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).filter((entry): entry is [string, number] => entry[1] !== undefined))
}

/** The mean, undefined of nothing. */
export function meanOf(values: ArrayLike<number>): number | undefined {
  if (values.length === 0) return undefined
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] as number
  return sum / values.length
}

/** Which share of the items fulfil a condition, undefined of nothing. */
export function shareOf<T>(items: readonly T[], condition: (item: T) => boolean): number | undefined {
  return meanOf(items.map((item) => (condition(item) ? 1 : 0)))
}
