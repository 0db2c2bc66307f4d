/**
 * The groups of a step: its problems, attempted; and where that is asked for, groups that were rewarded alike replaced by further problems
 * (dynamic sampling, DAPO, arXiv 2503.14476). All of it is a function of seeds and step, so that a resumed step is the same step.
 */
import { hasZeroVariance } from '../algorithm/advantages.ts'
import { rewards } from '../algorithm/group.ts'
import { fold, type Seed } from '../random.ts'
import type { ProblemSet } from '../tasks/task.ts'
import type { Group } from '../types.ts'
import { attempt, type AttemptOptions } from './attempt.ts'
import { problemsOfStep } from './problems.ts'

export interface GatherOptions extends Omit<AttemptOptions, 'seed'> {
  readonly problems: ProblemSet
  readonly seeds: { readonly problems: Seed; readonly attempts: Seed; readonly replacements: Seed } // of the run; a step folds its number in
  readonly problemsPerStep: number
  readonly replacements?: number // rounds at most in which groups without variance are replaced
}

export interface Gathered {
  readonly groups: readonly Group[] // [problemsPerStep]
  readonly replaced: readonly Group[] // attempted and left out
}

/** After the last round groups without variance stay: a step has always as many groups. */
export async function gather(options: GatherOptions, step: number): Promise<Gathered> {
  const { problems, seeds, problemsPerStep: count, replacements = 0 } = options
  const first = problemsOfStep(problems, seeds.problems, step, count)
  let groups = await attempt({ ...options, seed: fold(seeds.attempts, step) }, first)
  const replaced: Group[] = []
  for (let round = 1; round <= replacements; round++) {
    const alike = groups.filter((group) => hasZeroVariance(rewards(group)))
    const used = new Set([...groups, ...replaced].map(({ problem }) => problem.id))
    const place = (step - 1) * replacements + round
    const further = problemsOfStep(problems, fold(seeds.replacements, 0), place, count).filter(({ id }) => !used.has(id))
    const found = await attempt({ ...options, seed: fold(seeds.replacements, 1, place) }, further.slice(0, alike.length))
    if (found.length === 0) break
    const standIn = new Map(found.map((group, i) => [alike[i], group]))
    replaced.push(...groups.filter((group) => standIn.has(group)))
    groups = groups.map((group) => standIn.get(group) ?? group)
  }
  return { groups, replaced }
}
