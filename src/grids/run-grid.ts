/** Runs what is left of a grid, several cells at once. */
import { join } from 'node:path'
import type { EvaluationRecord } from '../store/events.ts'
import type { Progress } from '../train.ts'
import { type CellOptions, readCell, runCell } from './cell.ts'
import { type Cell, designOf, type Plan } from './grid.ts'
import { openDesign } from './design-file.ts'

export interface GridOptions extends Pick<CellOptions, 'signal' | 'startEngine'> {
  readonly directory: string
  readonly jobs: number // cells at once
  readonly only?: readonly string[] // arms whose cells are run; all by default
  readonly watch?: (cell: Cell, news: Progress) => void
  readonly done?: (cell: Cell, outcome: EvaluationRecord | Error) => void
}

/** Errors of cells are told to `done` and do not stop the others. */
export async function runGrid(plan: Plan, options: GridOptions): Promise<void> {
  const { directory, jobs, only, signal, startEngine, watch, done } = options
  const release = await openDesign(directory, designOf(plan))
  const waiting: Cell[] = []
  const one = async (cell: Cell): Promise<void> => {
    const place = {
      directory: join(directory, cell.name),
      split: plan.split,
      ...(signal && { signal }),
      ...(startEngine && { startEngine }),
    }
    const outcome = await runCell(cell, { ...place, watch: (news) => watch?.(cell, news) }).catch((cause: unknown) => asError(cause))
    if (outcome !== undefined) done?.(cell, outcome)
  }
  const next = (): Cell | undefined => (signal?.aborted === true ? undefined : waiting.shift())
  const work = async (): Promise<void> => {
    for (let cell = next(); cell !== undefined; cell = next()) await one(cell)
  }
  try {
    waiting.push(...plan.cells.filter(({ name, arm }) => (only?.includes(arm) ?? true) && readCell(join(directory, name)) === undefined))
    await Promise.all(Array.from({ length: jobs }, work))
  } finally {
    release()
  }
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause))
}
