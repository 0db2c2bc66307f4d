/** Commands as a person has to type them. In a clone the package's command is reached through npx. */
import type { TrainOptions } from '../commands/train.ts'

/** 'tapo', or 'npx tapo' where npm started this process in the package's own folder. */
export function commandName(environment: NodeJS.ProcessEnv = process.env): string {
  return environment['npm_lifecycle_event'] === undefined ? 'tapo' : 'npx tapo'
}

/** `tapo train` of `target` with the options that say what is trained, as they were typed, and `more` behind them. */
export function trainCommand(target: string, { model, data, steps, seed, set = [] }: TrainOptions, ...more: readonly string[]): string {
  const flags = Object.entries({ model, data, steps, seed }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${quoted(String(value))}`],
  )
  return [commandName(), 'train', quoted(target), ...flags, ...set.map((each) => `--set ${quoted(each)}`), ...more].join(' ')
}

/** What goes on with this run: the same options, since a run is resumed with the configuration that it was started with. */
export function resumeCommand(target: string, directory: string, options: TrainOptions): string {
  return trainCommand(target, options, `--out ${quoted(directory)}`, '--resume')
}

/** As a shell reads it back. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
