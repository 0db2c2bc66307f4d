/** The methods of a grid side by side, by the cells that are done. Reads files, runs nothing. */
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { DataError } from '../errors.ts'
import { differenceOfRuns, holm, meanOfRuns, permutationTest } from '../evaluation/arms.ts'
import { meanOf } from '../evaluation/bootstrap.ts'
import { sharesOf } from '../evaluation/records.ts'
import type { Interval } from '../evaluation/wilson.ts'
import { seedOf } from '../random.ts'
import type { EvaluationRecord } from '../store/events.ts'
import { readRun } from '../store/reader.ts'
import { readCell, runFolder } from './cell.ts'
import type { Design } from './grid.ts'

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
  readonly adjusted?: number // among all comparisons of the grid
}

/**
 * What the finished cells say, in the order of the arms; an arm without one is left out. DataError when cells did not begin from the same
 * model, learnt from other problems, or answered others.
 */
export function results({ arms: declared, reference: first, cells }: Design, directory: string): ArmResult[] {
  const records = new Map(cells.map(({ name }) => [name, readCell(join(directory, name))]))
  refuseUnequal(
    cells
      .filter(({ name }) => records.get(name) !== undefined)
      .map(({ name }) => [name, factsOf(join(directory, name), records.get(name))]),
  )
  const arms = declared.map((arm) => {
    const own = cells.filter((cell) => cell.arm === arm.name)
    const found = own.flatMap(({ name }) => records.get(name) ?? [])
    return { arm, planned: own.length, found, shares: found.map(sharesOf) }
  })
  const reference = arms.find(({ arm }) => arm.name === first)?.shares ?? []
  const finished = arms.filter(({ found }) => found.length > 0)
  const listed = finished.map(({ arm, planned, found, shares }, i): ArmResult => {
    const base = {
      arm: arm.name,
      what: arm.what,
      runs: found.length,
      planned,
      right: meanOfRuns(shares, seedOf(0)),
      figures: meanFigures(found),
    }
    if (arm.name === first || reference.length === 0) return base
    return { ...base, difference: differenceOfRuns(reference, shares, seedOf(i)), p: permutationTest(reference, shares, seedOf(i)) }
  })
  const adjusted = holm(listed.flatMap(({ p }) => p ?? []))
  return listed.map((result) => (result.p === undefined ? result : { ...result, adjusted: adjusted.shift() as number }))
}

/** What must be the same in every cell. */
function factsOf(directory: string, record: EvaluationRecord | undefined): Record<string, unknown> {
  const { model, data } = readRun(runFolder(directory)).started?.hashes ?? {}
  return { 'the model': model, 'the problems to learn': data, 'the problems to answer': [record?.name, record?.problems, record?.samples] }
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
