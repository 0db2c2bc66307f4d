/**
 * Counts what verdict.ts judges: answers to development problems, and corrections of the wrong ones by the model itself, as RL would ask for
 * them. A good model leaves few to correct: problems are asked, a round after the other, until enough corrections were tried. One that leaves
 * none in the first round is asked no more.
 */
import { isEligible } from '../algorithm/candidates.ts'
import { rewardOf } from '../algorithm/group.ts'
import type { Policy, Sampling } from '../engine/engine.ts'
import { accepted } from '../methods/constructed.ts'
import type { Construction, MethodContext } from '../methods/method.ts'
import { construct } from '../methods/synthesis.ts'
import { tapoDefaults } from '../methods/tapo.ts'
import { fold, type Seed } from '../random.ts'
import { attempt } from '../rollout/attempt.ts'
import type { Group, Problem } from '../types.ts'
import type { Measured } from './verdict.ts'

export interface JudgedParts extends Omit<MethodContext, 'policy' | 'seed' | 'maxTokens' | 'reflects'> {
  readonly policy: Policy
  readonly problems: (round: number) => readonly Problem[] // none when there are no more
  readonly sampling: Sampling
  readonly seed: Seed
  readonly reflects: (text: string) => boolean
}

/** Of corrections: a share of so many is known to 14 points either way. */
const ENOUGH = 50
const MOST_ROUNDS = 10

export async function measure(parts: JudgedParts): Promise<Measured> {
  const groups: Group[] = []
  const constructions: Construction[] = []
  for (let round = 0; round < MOST_ROUNDS && constructions.length < ENOUGH; round++) {
    const answered = await attempt({ ...parts, seed: fold(parts.seed, 2 * round) }, parts.problems(round))
    if (answered.length === 0) break
    const context = { ...parts, seed: fold(parts.seed, 2 * round + 1), maxTokens: parts.sampling.maxTokens }
    constructions.push(...(await construct(answered, context, tapoDefaults)).flat())
    groups.push(...answered)
    if (constructions.length === 0) break
  }
  return {
    problems: groups.length,
    eligible: groups.filter((group) => isEligible(group, tapoDefaults.zone)).length,
    constructions: constructionCounts(constructions),
    reflecting: reflectingCounts(groups, parts.reflects),
  }
}

function constructionCounts(constructions: readonly Construction[]): Measured['constructions'] {
  const kept = accepted(constructions)
  const refusals: Record<string, number> = {}
  for (const { refusal } of constructions) if (refusal !== undefined) refusals[refusal] = (refusals[refusal] ?? 0) + 1
  const rewarded = (reward: number | undefined): number => kept.filter(({ trajectory }) => rewardOf(trajectory.verdict) === reward).length
  return { tried: constructions.length, kept: kept.length, right: rewarded(1), undecided: rewarded(undefined), refusals }
}

/**
 * The other answers count as often as answers to their problem reflect, so that both are taken over the same problems. What could not be
 * judged is left out.
 */
export function reflectingCounts(groups: readonly Group[], reflects: (text: string) => boolean): Measured['reflecting'] {
  let [answers, right, weight, others] = [0, 0, 0, 0]
  for (const { rollouts } of groups) {
    const judged = rollouts.filter(({ verdict }) => !verdict.undecided)
    const reflecting = judged.filter(({ text }) => reflects(text))
    const plain = judged.filter(({ text }) => !reflects(text))
    answers += reflecting.length
    right += rightIn(reflecting)
    if (plain.length === 0) continue
    weight += reflecting.length
    others += (reflecting.length * rightIn(plain)) / plain.length
  }
  return { answers, right, others: weight === 0 ? null : others / weight }
}

function rightIn(rollouts: Group['rollouts']): number {
  return rollouts.filter(({ verdict }) => verdict.reward === 1).length
}
