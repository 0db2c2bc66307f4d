/** What a step's attempts look like in numbers: the part of the curves that no method and no engine reports. Pure. */
import type { Construction } from '../methods/method.ts'
import type { Completion, Group } from '../types.ts'

/** By name; lengths in tokens, shares in [0, 1], NaN where there were no attempts. Groups that were left out were attempted all the same. */
export function rolloutFigures(
  groups: readonly Group[],
  constructions: readonly Construction[],
  replaced: readonly Group[] = [],
): Record<string, number> {
  const attempts = [...groups, ...replaced].flatMap((group) => group.rollouts)
  const undecided = attempts.filter((attempt) => attempt.verdict.undecided).length
  const completions = attempts.map((attempt) => attempt.completion)
  return {
    accuracy: attempts.filter((attempt) => attempt.verdict.reward === 1).length / attempts.length,
    responseLength: tokensOf(completions) / attempts.length,
    truncatedShare: completions.filter((completion) => completion.end === 'length').length / attempts.length,
    sampledTokens: tokensOf(completions) + tokensOf(constructions.map((construction) => construction.reply)),
    ...(undecided > 0 && { undecidedShare: undecided / attempts.length }),
    ...(replaced.length > 0 && { 'group.replaced': replaced.length }),
  }
}

function tokensOf(completions: readonly Completion[]): number {
  return completions.reduce((sum, completion) => sum + completion.tokens.length, 0)
}
