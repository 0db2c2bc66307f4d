/**
 * SFT: likelihood on demonstrations (docs/paper.md, cold start). Pretraining, the cold start and the SFT baseline are this method
 * with other options, so they run through the same loop; with `solutions` alone a group may be without rollouts.
 *
 * - Plain problem -> worked solution, and plain problem -> micro-reflective solution: the paper's SFT format [I]
 * - Synthesis prompt -> the whole <analysis> <reconstruction> reply: its IFT format [I]
 * - Corrections only of wrong rollouts, at most one for each problem [P], chosen at random [D]
 * - The task writes the corrections [D]: one that does not know its own steps gives none
 * - One mixture, every trained token alike [P, mean D]; `prefixLoss` says whether the wrong prefix is among them [D]
 */
import { examples, type Sequence } from '../algorithm/examples.ts'
import { wrongOf } from '../algorithm/group.ts'
import { choose, fold } from '../random.ts'
import type { Group } from '../types.ts'
import { type Demonstration, demonstrateCorrection, demonstrateSolution, fits, type KindOfDemonstration } from './demonstrations.ts'
import { groupMetrics, trainedMetrics } from './group-metrics.ts'
import type { Method, MethodContext, MethodResult } from './method.ts'
import { present } from './metric-names.ts'

export interface SftOptions {
  readonly solutions: boolean // each problem's own worked solution, where the data has one
  readonly corrections: boolean // micro-reflective solutions after the plain problem
  readonly reflections: boolean // whole replies after the synthesis prompt
  readonly correctionsPerProblem: number // wrong rollouts of a problem that are corrected
  readonly prefixLoss: 'trained' | 'context' // whether the wrong prefix of a micro-reflective solution is learnt; replies are learnt whole
}

export const sftDefaults: SftOptions = {
  solutions: true,
  corrections: true,
  reflections: true,
  correctionsPerProblem: 1,
  prefixLoss: 'trained',
}

export function sft(options: Partial<SftOptions> = {}): Method {
  const settings = { ...sftDefaults, ...options }
  return (groups, context) => {
    const all = groups.flatMap((group, position) => demonstrationsOf(group, position, context, settings))
    return Promise.resolve(imitate(all, groups, context))
  }
}

/** Likelihood on these demonstrations, those left out that do not fit into the context. */
export function imitate(all: readonly Demonstration[], groups: readonly Group[], context: MethodContext): MethodResult {
  const kept = all.filter((demonstration) => fits(demonstration, context))
  const made = examples(kept.map(sequence), { aggregation: 'token-mean', maxTokens: context.maxTokens })
  const count = (kind: KindOfDemonstration): number => kept.filter((demonstration) => demonstration.kind === kind).length
  const metrics = present({
    ...groupMetrics(groups, context),
    ...trainedMetrics(made, ['demonstration']),
    'demonstration.solution': count('solution'),
    'demonstration.correction': count('correction'),
    'demonstration.reflection': count('reflection'),
    'demonstration.noRoom': all.length - kept.length,
  })
  return { examples: made, constructions: [], objective: { kind: 'likelihood' }, metrics }
}

function demonstrationsOf(group: Group, position: number, context: MethodContext, settings: SftOptions): Demonstration[] {
  const solution = settings.solutions ? demonstrateSolution(group, context) : []
  if (!settings.corrections && !settings.reflections) return solution
  const corrected = choose(fold(context.seed, position, 0), wrongOf(group))
    .map((source) =>
      demonstrateCorrection(group, source, { context, seed: fold(context.seed, position, 1, source), prefixLoss: settings.prefixLoss }),
    )
    .filter((made) => made.length > 0)
    .slice(0, settings.correctionsPerProblem)
  const wanted = { solution: true, correction: settings.corrections, reflection: settings.reflections }
  return [...solution, ...corrected.flat().filter(({ kind }) => wanted[kind])]
}

function sequence({ id, prompt, tokens, contextLength }: Demonstration): Sequence {
  return { id, origin: 'demonstration', prompt, tokens, contextLength, advantage: 1 }
}
