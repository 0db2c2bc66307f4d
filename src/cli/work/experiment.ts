/** What `tapo experiment` does. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import { RUNS } from '../../experiments/run-folder.ts'
import { readCell } from '../../grids/cell.ts'
import { beginningFrom, type Cell, designOf, type Grid, type Plan, planOf } from '../../grids/grid.ts'
import { gridOf, grids } from '../../grids/grids.ts'
import { results } from '../../grids/results.ts'
import { runGrid } from '../../grids/run-grid.ts'
import type { EvaluationRecord, Json } from '../../store/events.ts'
import type { Progress } from '../../train.ts'
import type { ExperimentOptions } from '../commands/experiment.ts'
import { exitCodes, failureText } from '../failure.ts'
import { interrupt } from '../interrupt.ts'
import { live } from '../live.ts'
import { terminal } from '../terminal.ts'
import { cellLine, gridIntro, gridsTable, resultsText, runningLine } from '../views/grid.ts'
import { advice } from '../../config/nearest.ts'
import { UsageError } from '../../errors.ts'
import { altered } from './configure.ts'
import { jsonOf } from './json.ts'

export async function experiment(name: string | undefined, options: ExperimentOptions): Promise<void> {
  if (name === undefined) {
    const listed = grids.map(({ name: grid, what, arms }) => ({ name: grid, what, runs: arms.flatMap(({ seeds }) => seeds).length }))
    console.log(options.json === true ? jsonOf(listed) : gridsTable(listed, terminal().paint))
    return
  }
  const grid = fewerSeeds(directlyFrom(gridOf(name), options.base), options.seeds)
  const jobs = options.jobs ?? availableParallelism()
  const plan = planOf(grid, configOf(grid, jobs, options), options.split)
  const directory = options.out ?? join(RUNS, `${grid.name}-grid`)
  const failed = await run(plan, { directory, jobs, only: knownArms(grid, options.arms), json: options.json === true })
  const design = designOf(plan)
  const found = results(design, directory)
  const { paint } = terminal()
  if (options.json === true) console.log(jsonOf({ directory, split: plan.split, failed, comparisons: found }))
  else console.log(`\n${resultsText(design, { directory, comparisons: found }, paint)}`)
}

/** All arms where none are asked for. UsageError, with the nearest name, for one that the grid does not have. */
function knownArms({ name: grid, arms }: Grid, asked?: readonly string[]): readonly string[] {
  const names = arms.map(({ name }) => name)
  const unknown = asked?.find((name) => !names.includes(name))
  if (unknown === undefined) return asked ?? names
  throw new UsageError(`${unknown}: ${grid} has no such method; ${advice(unknown, names, 'it has')}`)
}

/** Runs share the cores evenly. */
function configOf(grid: Grid, jobs: number, { model, data, steps, set }: ExperimentOptions): Config {
  const threads = Math.max(1, Math.floor(availableParallelism() / jobs))
  const base = { ...grid.base(), engine: { ...grid.base().engine, threads } }
  const overrides = { model, data, steps, set: set ?? [] }
  const given = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined))
  return altered(base as unknown as Json, given, () => grid.name)
}

function directlyFrom(grid: Grid, base: string | undefined): Grid {
  return base === undefined ? grid : beginningFrom(grid, base)
}

function fewerSeeds(grid: Grid, most: number = Infinity): Grid {
  return { ...grid, arms: grid.arms.map((arm) => ({ ...arm, seeds: arm.seeds.slice(0, most) })) }
}

interface RunRequest {
  readonly directory: string
  readonly jobs: number
  readonly only: readonly string[] // arms
  readonly json: boolean
}

/** The names of cells that failed. Ctrl-C lets steps in hand end; its second time abandons them. */
async function run(plan: Plan, { directory, jobs, only, json }: RunRequest): Promise<string[]> {
  const place = terminal(process.stderr)
  const { paint } = place
  const view = live(place, process.stderr)
  const running = new Map<string, { cell: Cell; step: number }>()
  const failed: string[] = []
  const isDone = (cell: Cell): boolean => readCell(join(directory, cell.name)) !== undefined
  const wanted = plan.cells.filter(({ arm }) => only.includes(arm))
  let left = wanted.filter((cell) => !isDone(cell)).length
  if (!json) view.print(gridIntro(plan, { directory, wanted: wanted.length, left, jobs }, paint))
  const stop = interrupt(
    () => view.print(paint('yellow', 'stopping: steps in hand are finished first, Ctrl-C again abandons them')),
    () => view.end(),
  )
  const watch = (cell: Cell, news: Progress): void => {
    if ('step' in news) running.set(cell.name, { cell, step: news.step })
  }
  const done = (cell: Cell, outcome: EvaluationRecord | Error): void => {
    running.delete(cell.name)
    left--
    if (outcome instanceof Error) failed.push(cell.name)
    view.print(
      outcome instanceof Error ? paint('red', `${cell.name}  ${failureText(outcome, false)}`) : cellLine(cell, outcome, left, paint),
    )
  }
  view.show(() => runningLine([...running.values()], left, paint))
  try {
    await runGrid(plan, { directory, jobs, only, signal: stop.signal, watch, done })
  } finally {
    view.end()
    stop.end()
  }
  if (stop.signal.aborted && left > 0) {
    process.stderr.write(`stopped with ${left} of ${plan.cells.length} runs to go; the same command goes on\n`)
    process.exitCode = exitCodes.interrupted
  } else if (failed.length > 0) process.exitCode = exitCodes.failed
  return failed
}
