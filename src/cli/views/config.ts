/** A configuration with what every key does and whence its default comes; lists of experiments. Pure. */
import type { ConfigKey } from '../../config/keys.ts'
import type { Json } from '../../store/events.ts'
import type { Paint } from './paint.ts'
import { table } from './table.ts'

/** A key of a configuration and its value. */
export interface KeyValue extends ConfigKey {
  readonly value: Json | undefined
}

const MARKS = '[P] the paper, [I] inferred from it, [D] decided here; * differs from the default'

export function configTable(keys: readonly KeyValue[], paint: Paint): string {
  const rows = keys.map(({ path, value, default: fallback, meaning, mark }) => {
    const shown = JSON.stringify(value)
    const isChanged = fallback !== undefined && shown !== JSON.stringify(fallback)
    const from = isChanged ? paint('dim', `; default ${JSON.stringify(fallback)}`) : ''
    return [path, isChanged ? paint('yellow', `${shown} *`) : shown, paint('dim', `[${mark}]`), `${meaning}${from}`]
  })
  const columns = [{ title: 'key' }, { title: 'value' }, { title: '' }, { title: 'what it does' }] as const
  return `${table(columns, rows, paint)}\n\n${paint('dim', MARKS)}`
}

export function experimentsTable(experiments: readonly { readonly name: string; readonly what: string }[], paint: Paint): string {
  return table(
    [{ title: 'experiment' }, { title: 'what it is' }],
    experiments.map(({ name, what }) => [paint('bold', name), what]),
    paint,
  )
}
