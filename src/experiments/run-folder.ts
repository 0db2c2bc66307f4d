/** Which folder a run is in, where the configuration leaves it open. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { UsageError } from '../errors.ts'

/** Where runs are kept unless told otherwise, below the working directory. */
export const RUNS = 'runs'

/** The folder that a new run makes: `out`, else the first of runs/<name>, runs/<name>-2 ... that is not there. */
export function newRunFolder({ out, name }: Pick<Config, 'out' | 'name'>): string {
  return out === '' ? (candidates(name).find((folder) => !existsSync(folder)) as string) : out
}

/** The folder of the run to resume: `out`, else the last that was made under this name. UsageError when there is none. */
export function lastRunFolder({ out, name }: Pick<Config, 'out' | 'name'>): string {
  if (out !== '') return out
  const all = candidates(name)
  const last = all.slice(0, all.indexOf(newRunFolder({ out, name }))).at(-1)
  if (last === undefined) throw new UsageError(`${join(RUNS, name)}: no run to resume here; name its folder with --out DIR`)
  return last
}

/** Where a cold start's answers and rows are: `out`, else runs/<name>-data. The same folder each time, since its files are gone on with. */
export function dataFolder({ out, name }: Pick<Config, 'out' | 'name'>): string {
  return out === '' ? join(RUNS, `${name}-data`) : out
}

/** Where the accuracies of problems are: `out`, else runs/<name>-filter. */
export function filterFolder({ out, name }: Pick<Config, 'out' | 'name'>): string {
  return out === '' ? join(RUNS, `${name}-filter`) : out
}

function candidates(name: string): string[] {
  return Array.from({ length: 10_000 }, (_, i) => join(RUNS, i === 0 ? name : `${name}-${i + 1}`))
}
