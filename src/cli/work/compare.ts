/** What `tapo compare` does. */
import { isDeepStrictEqual } from 'node:util'
import { valueAt } from '../../config/keys.ts'
import { UsageError } from '../../errors.ts'
import type { Comparison } from '../../evaluation/paired.ts'
import { accuracyOf, changeOf } from '../../evaluation/records.ts'
import type { EvaluationEvent } from '../../store/events.ts'
import { readRun, type RunRecord } from '../../store/reader.ts'
import type { CompareOptions } from '../commands/compare.ts'
import { terminal } from '../terminal.ts'
import { comparisonText, type Side } from '../views/comparison.ts'
import { jsonOf } from './json.ts'

/** How answers were sampled: what differs here would be taken for a difference of the policies. */
const SAMPLING = ['rollout.temperature', 'rollout.topK', 'rollout.topP', 'rollout.minP', 'rollout.maxTokens', 'rollout.stop']

export function compare(first: string, second: string | undefined, { json = false }: CompareOptions): void {
  const [before, after] = second === undefined ? ownSides(readRun(first)) : [lastOf(readRun(first)), lastOf(readRun(second))]
  refuseUnequal(before, after)
  const change = changeOf(before.evaluation, after.evaluation)
  if (json) console.log(jsonOf(summary(before, after, change)))
  else console.log(comparisonText(before, after, change, terminal().paint))
}

function ownSides(run: RunRecord): [Side, Side] {
  const [first, last] = [run.evaluations[0], run.evaluations.at(-1)]
  if (first === undefined || last === undefined || first === last)
    throw new UsageError(
      `${run.directory}: has ${run.evaluations.length} evaluations, and two are needed; name another run to set against it`,
    )
  return [sideOf(run, first), sideOf(run, last)]
}

function lastOf(run: RunRecord): Side {
  const last = run.evaluations.at(-1)
  if (last === undefined)
    throw new UsageError(`${run.directory}: was never evaluated; it needs evaluation.everySteps over 0 when it is trained`)
  return sideOf(run, last)
}

function sideOf(run: RunRecord, evaluation: EvaluationEvent): Side {
  return { run, evaluation, accuracy: accuracyOf(evaluation) }
}

/** UsageError unless both were asked the same problems in the same way. */
function refuseUnequal(a: Side, b: Side): void {
  const facts = ({ run, evaluation: { name, samples, problems } }: Side): [string, unknown][] => [
    ['problems', [name, problems]],
    ['answers to each problem', samples],
    ['data', run.started?.hashes.data],
    ...SAMPLING.map((key): [string, unknown] => [key, valueAt(run.started?.config ?? null, key)]),
  ]
  const others = facts(b)
  facts(a).forEach(([what, value], i) => {
    if (isDeepStrictEqual(value, others[i]?.[1])) return
    const said = (each: unknown): string => (Array.isArray(each) ? '' : `, ${JSON.stringify(each)}`)
    throw new UsageError(
      `${a.run.directory} and ${b.run.directory}: not comparable, they differ in ${what}${said(value)}${said(others[i]?.[1])}; evaluate both alike`,
    )
  })
}

function summary(before: Side, after: Side, { better, worse, ...change }: Comparison): unknown {
  const changed = (indices: readonly number[]): unknown[] =>
    indices.map((i) => ({
      problem: before.evaluation.problems[i],
      before: before.evaluation.right[i],
      after: after.evaluation.right[i],
    }))
  const sides = [before, after].map(({ run, evaluation, accuracy }) => ({ run: run.directory, step: evaluation.step, accuracy }))
  const { name, samples, problems } = before.evaluation
  return {
    name,
    samples,
    problems: problems.length,
    before: sides[0],
    after: sides[1],
    ...change,
    better: changed(better),
    worse: changed(worse),
  }
}
