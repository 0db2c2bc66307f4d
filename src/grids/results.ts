/** The methods of a grid side by side, by the cells that are done. Reads files, runs nothing. */
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { DataError } from '../errors.ts'
import { differenceOfRuns, holm, meanOfRuns, permutationTest, type Resamples, resamplesOf } from '../evaluation/arms.ts'
import { meanOf } from '../evaluation/bootstrap.ts'
import { sharesOf } from '../evaluation/records.ts'
import type { Interval } from '../evaluation/wilson.ts'
import { seedOf } from '../random.ts'
import type { EvaluationRecord } from '../store/events.ts'
import { readRun } from '../store/reader.ts'
import { readCell, runFolder } from './cell.ts'
import type { Comparison, Design } from './grid.ts'

/** One method's finished runs. */
export interface ArmResult {
  readonly arm: string
  readonly what: string
  readonly runs: number // finished
  readonly planned: number
  readonly right: Interval // over runs and problems
  readonly figures: Readonly<Record<string, number>> // means over runs
  readonly difference?: Interval // from the reference, where both have runs
  readonly p?: number // of it, as if it were the only comparison
  readonly adjusted?: number // among all comparisons of its table
}

/** One table's methods, the reference first; without those that have no run. */
export interface ComparisonResult extends Pick<Comparison, 'title' | 'reference'> {
  readonly arms: readonly ArmResult[]
}

/** An arm with what its finished runs got right, problem by problem. */
interface FinishedArm extends Omit<ArmResult, 'difference' | 'p' | 'adjusted'> {
  readonly shares: readonly (readonly number[])[]
}

/**
 * What the finished cells say, table by table. DataError when cells that should did not begin from the same model, learnt from other
 * problems, or answered others.
 */
export function results({ arms, comparisons, cells }: Design, directory: string): ComparisonResult[] {
  const records = new Map(cells.map(({ name }) => [name, readCell(join(directory, name))]))
  const done = cells.filter(({ name }) => records.get(name) !== undefined)
  refuseUnequal(done.map(({ name }) => [name, factsOf(join(directory, name), records.get(name))]))
  const starts = new Map(arms.map(({ name, begins }) => [name, begins]))
  for (const start of new Set(starts.values()))
    refuseUnequal(done.filter(({ arm }) => starts.get(arm) === start).map(({ name }) => [name, startOf(join(directory, name))]))
  const answered = [...records.values()].find((record) => record !== undefined)?.problems.length ?? 0
  const resamples = resamplesOf(answered, seedOf(0))
  const finished = new Map(
    arms.flatMap(({ name, what }): [string, FinishedArm][] => {
      const own = cells.filter((cell) => cell.arm === name)
      const found = own.flatMap((cell) => records.get(cell.name) ?? [])
      if (found.length === 0) return []
      const shares = found.map(sharesOf)
      const right = meanOfRuns(shares, resamples)
      return [[name, { arm: name, what, runs: found.length, planned: own.length, right, figures: meanFigures(found), shares }]]
    }),
  )
  return comparisons.map(({ title, reference, arms: names }) => {
    const listed = [reference, ...names].flatMap((name) => finished.get(name) ?? [])
    return { title, reference, arms: compared(listed, reference, resamples) }
  })
}

/** Every method that has a run, once. */
export function everyArm(comparisons: readonly ComparisonResult[]): ArmResult[] {
  const all = comparisons.flatMap(({ arms }) => arms)
  return all.filter(({ arm }, i) => all.findIndex((other) => other.arm === arm) === i)
}

function compared(arms: readonly FinishedArm[], reference: string, resamples: Resamples): ArmResult[] {
  const base = arms.find(({ arm }) => arm === reference)?.shares
  const listed = arms.map(({ shares, ...arm }, i): ArmResult => {
    if (arm.arm === reference || base === undefined) return arm
    return { ...arm, difference: differenceOfRuns(base, shares, resamples), p: permutationTest(base, shares, seedOf(i)) }
  })
  const adjusted = holm(listed.flatMap(({ p }) => p ?? []))
  return listed.map((result) => (result.p === undefined ? result : { ...result, adjusted: adjusted.shift() as number }))
}

/** What must be the same in every cell. */
function factsOf(directory: string, record: EvaluationRecord | undefined): Record<string, unknown> {
  const data = readRun(runFolder(directory)).started?.hashes.data
  return { 'the problems to learn': data, 'the problems to answer': [record?.name, record?.problems, record?.samples] }
}

/** And in all that begin from one place. */
function startOf(directory: string): Record<string, unknown> {
  return { 'the model': readRun(runFolder(directory)).started?.hashes.model }
}

function refuseUnequal(cells: readonly (readonly [string, Record<string, unknown>])[]): void {
  const [first, ...others] = cells
  for (const [name, facts] of others) {
    const differs = Object.keys(facts).find((fact) => !isDeepStrictEqual(facts[fact], first?.[1][fact]))
    if (differs !== undefined)
      throw new DataError(
        `${name} and ${first?.[0]}: not comparable, they differ in ${differs}; delete the folder of the one that is not as it should be`,
      )
  }
}

/** Of every figure, the mean over the runs that have it. */
function meanFigures(records: readonly EvaluationRecord[]): Record<string, number> {
  const names = [...new Set(records.flatMap(({ figures }) => Object.keys(figures)))]
  return Object.fromEntries(names.map((name) => [name, meanOf(records.flatMap(({ figures }) => figures[name] ?? []))]))
}
