/** A comparison as it is declared before the first run: methods and seeds, all else equal. Pure. */
import type { Config } from '../config/config.ts'
import { UsageError } from '../errors.ts'
import { recordedConfig } from '../experiments/identity.ts'
import type { Json } from '../store/events.ts'
import type { Split } from '../tasks/task.ts'

/** One method of a grid. */
export interface Arm {
  readonly name: string // letters, digits, dots and dashes: it names folders
  readonly what: string
  readonly seeds: readonly number[]
  readonly of: (config: Config) => Config // what it alters of the grid's configuration
  readonly begins?: 'base' // from the model before its cold start, which --base names; else from the grid's model
}

/** One table of a grid: methods against one of them. */
export interface Comparison {
  readonly title: string
  readonly reference: string
  readonly arms: readonly string[] // the others, in the order of the table
}

export interface Grid {
  readonly name: string
  readonly what: string // in one sentence
  readonly base: () => Config
  readonly arms: readonly Arm[]
  readonly comparisons: readonly Comparison[] // the first one's methods are drawn as curves
}

/** One run of a grid. */
export interface Cell {
  readonly name: string // of its folder: 'tapo-3'
  readonly arm: string
  readonly seed: number
  readonly config: Config
}

/** What is laid down before anything is trained. */
export interface Plan {
  readonly grid: Grid
  readonly split: Split // that every finished run is evaluated on
  readonly cells: readonly Cell[]
}

/**
 * Cells in the order in which they are run: every arm's first seed, then every arm's second ... UsageError where there are no seeds, or where
 * a method should begin before the cold start and begins with the others.
 */
export function planOf(grid: Grid, base: Config, split: Split): Plan {
  const { arms } = grid
  if (arms.every(({ seeds }) => seeds.length === 0)) throw new UsageError(`${grid.name}: no seeds, so there is nothing to run`)
  const most = Math.max(...arms.map(({ seeds }) => seeds.length))
  const cells = Array.from({ length: most }, (_, i) => i).flatMap((i) =>
    arms.filter(({ seeds }) => i < seeds.length).map((arm) => cellOf(arm, arm.seeds[i] as number, base)),
  )
  return { grid, split, cells }
}

/** The grid with `path` as the model of its methods that begin before the cold start. UsageError where it has none. */
export function beginningFrom(grid: Grid, path: string): Grid {
  const { name, arms } = grid
  if (!arms.some(({ begins }) => begins === 'base'))
    throw new UsageError(`--base ${path}: ${name} has no method that begins before a cold start; leave it out`)
  const from = (config: Config): Config => ({ ...config, model: { ...config.model, path } })
  return { ...grid, arms: arms.map((arm) => (arm.begins === 'base' ? { ...arm, of: (config) => arm.of(from(config)) } : arm)) }
}

function cellOf(arm: Arm, seed: number, base: Config): Cell {
  const name = `${arm.name}-${seed}`
  const config = { ...arm.of({ ...base, seed }), name }
  if (arm.begins === 'base' && config.model.path === base.model.path)
    throw new UsageError(`${arm.name}: begins from the model before its cold start, not from ${base.model.path}; name it with --base DIR`)
  return { name, arm: arm.name, seed, config }
}

/** The plan as a file keeps it, with what changes a result. */
export interface Design {
  readonly grid: string
  readonly what: string
  readonly arms: readonly (Pick<Arm, 'name' | 'what'> & { readonly begins?: 'base' | undefined })[]
  readonly comparisons: readonly Comparison[]
  readonly split: Split
  readonly primary: string // what is measured, in a sentence
  readonly selection: string // which runs and steps count
  readonly test: string
  readonly cells: readonly { readonly name: string; readonly arm: string; readonly seed: number; readonly config: Json }[]
}

export function designOf({ grid, split, cells }: Plan): Design {
  const { problems, samples } = cells[0]?.config.evaluation ?? { problems: 0, samples: 0 }
  return {
    grid: grid.name,
    what: grid.what,
    arms: grid.arms.map(({ name, what, begins }) => ({ name, what, ...(begins && { begins }) })),
    comparisons: grid.comparisons,
    split,
    primary: `share of right answers after the last step, ${problems} problems of the ${split} split x ${samples}`,
    selection: 'none: the last step of every run counts, and no run is left out',
    test: 'two-sided permutation of runs against the reference of a table, adjusted for all comparisons of the table (Holm)',
    cells: cells.map(({ name, arm, seed, config }) => ({ name, arm, seed, config: plain(recordedConfig(config)) })),
  }
}

/** Without what is undefined, as it is read back. */
function plain(json: Json): Json {
  return JSON.parse(JSON.stringify(json)) as Json
}
