/** What can be set side by side: an evaluation of a run, or one in a folder of its own. */
import { isDeepStrictEqual } from 'node:util'
import { valueAt } from '../../config/keys.ts'
import { UsageError } from '../../errors.ts'
import { readEvaluation } from '../../evaluation/folder.ts'
import { accuracyOf, intervalIn } from '../../evaluation/records.ts'
import type { EvaluationEvent, Json } from '../../store/events.ts'
import { readRun, type RunRecord } from '../../store/reader.ts'
import type { Side } from '../views/comparison.ts'

/** How answers were sampled: what differs here would be taken for a difference of the policies. */
const SAMPLING = ['temperature', 'topK', 'topP', 'minP', 'maxTokens', 'stop']

/** The first and the last evaluation of a run. */
export function ownSides(directory: string): [Side, Side] {
  const run = readRun(directory)
  const [first, last] = [run.evaluations[0], run.evaluations.at(-1)]
  if (first === undefined || last === undefined || first === last)
    throw new UsageError(`${directory}: has ${run.evaluations.length} evaluations, and two are needed; name another run to set against it`)
  return [sideOf(run, first), sideOf(run, last)]
}

/** The evaluation in a folder, or the last one of a run. */
export function lastSide(directory: string): Side {
  const stored = readEvaluation(directory)
  if (stored !== undefined) {
    const { request, evaluation } = stored
    const said = { data: request.data, settings: valueAt(request.settings, 'sampling') ?? null }
    const figures = { accuracy: accuracyOf(evaluation), undecided: evaluation.undecidedShare }
    return { directory, step: request.step, evaluation, ...figures, asked: { kind: 'folder', ...said } }
  }
  const run = readRun(directory)
  const last = run.evaluations.at(-1)
  if (last === undefined)
    throw new UsageError(`${directory}: was never evaluated; it needs evaluation.everySteps over 0 when it is trained, or tapo eval`)
  return sideOf(run, last)
}

function sideOf({ directory, started }: RunRecord, evaluation: EvaluationEvent): Side {
  const settings = valueAt(started?.config ?? null, 'rollout') ?? null
  const asked = { kind: 'run', data: started?.hashes.data ?? '', settings } as const
  const figures = { accuracy: accuracyOf(evaluation), undecided: intervalIn(evaluation.figures, 'undecidedShare') }
  return { directory, step: evaluation.step, evaluation, ...figures, asked }
}

/** UsageError unless both were asked the same problems in the same way. */
export function refuseUnequal(a: Side, b: Side): void {
  const isData = a.asked.kind === b.asked.kind // a run's hash is of all its problems, a folder's of those that were asked
  const facts = ({ asked, evaluation: { name, samples, problems } }: Side): [string, unknown][] => [
    ['problems', [name, problems]],
    ['answers to each problem', samples],
    ...(isData ? ([['data', asked.data]] as [string, unknown][]) : []),
    ...SAMPLING.map((key): [string, Json | undefined] => [`rollout.${key}`, valueAt(asked.settings, key)]),
  ]
  const others = facts(b)
  facts(a).forEach(([what, value], i) => {
    if (isDeepStrictEqual(value, others[i]?.[1])) return
    const said = (each: unknown): string => (Array.isArray(each) ? '' : `, ${JSON.stringify(each)}`)
    throw new UsageError(
      `${a.directory} and ${b.directory}: not comparable, they differ in ${what}${said(value)}${said(others[i]?.[1])}; evaluate both alike`,
    )
  })
}
