/** What `tapo config` does. */
import { stringify } from 'yaml'
import { keysFor, valueAt } from '../../config/keys.ts'
import { experiments } from '../../experiments/experiments.ts'
import type { Json } from '../../store/events.ts'
import type { ConfigOptions } from '../commands/config.ts'
import { terminal } from '../terminal.ts'
import { configTable, experimentsTable } from '../views/config.ts'
import { configure } from './configure.ts'

export async function showConfig(target: string | undefined, options: ConfigOptions): Promise<void> {
  const { paint } = terminal()
  if (target === undefined) {
    const listed = experiments.map(({ name, what }) => ({ name, what }))
    console.log(options.json === true ? JSON.stringify(listed, undefined, 2) : experimentsTable(listed, paint))
    return
  }
  const config = (await configure(target, options)) as unknown as Json
  if (options.json === true) console.log(JSON.stringify(config, undefined, 2))
  else if (options.yaml === true)
    console.log(`# tapo train <this file>; \`tapo config <this file>\` says what each key does\n${stringify(config).trimEnd()}`)
  else
    console.log(
      configTable(
        keysFor(config).map((key) => ({ ...key, value: valueOrOff(config, key.path) })),
        paint,
      ),
    )
}

/** Of a key whose group is switched off, the word in the group's place. */
function valueOrOff(config: Json, path: string): Json | undefined {
  return valueAt(config, path) ?? valueAt(config, path.slice(0, path.lastIndexOf('.')))
}
