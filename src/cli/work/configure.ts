/** From what was typed to a checked configuration: an experiment or a file, then the flags, then every --set. */
import { existsSync } from 'node:fs'
import { assign } from '../../config/assign.ts'
import type { Config } from '../../config/config.ts'
import { type Locate, parseConfig } from '../../config/parse.ts'
import { readConfigFile } from '../../config/read-file.ts'
import { experiment } from '../../experiments/experiments.ts'
import type { Json } from '../../store/events.ts'

/** Flags that stand for keys. */
export interface Overrides {
  readonly model?: string
  readonly data?: string
  readonly steps?: number
  readonly seed?: number
  readonly out?: string
  readonly set?: readonly string[]
}

/** UsageError names the place of whatever is wrong. */
export async function configure(target: string, overrides: Overrides): Promise<Config> {
  const isFile = /\.(ya?ml|json)$/.test(target) || /[/\\]/.test(target) || existsSync(target)
  if (!isFile) return altered(experiment(target).make() as unknown as Json, overrides, () => target)
  const { data, locate } = await readConfigFile(target)
  return altered(data, overrides, locate)
}

/** `data` with the flags and every --set. */
export function altered(data: Json, { model, data: folder, steps, seed, out, set = [] }: Overrides, locate: Locate): Config {
  const flags = { 'model.path': model, 'task.data': folder, steps, seed, out }
  const assignments = Object.entries(flags).flatMap(([path, value]) => (value === undefined ? [] : [`${path}=${JSON.stringify(value)}`]))
  return parseConfig([...assignments, ...set].reduce<Json>(assign, data), locate)
}
