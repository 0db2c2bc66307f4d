/** `--set path=value`: alters any key of a configuration before it is checked. */
import { parse } from 'yaml'
import { UsageError } from '../errors.ts'
import type { Json } from '../store/events.ts'
import { configKeys, isRecord, type JsonRecord } from './keys.ts'

/**
 * The data with `assignment` ('rollout.maxTokens=64') made. The value is read as YAML, so `[a, b]`, `true` and `1e-4` are what they
 * look like. A new kind takes along the keys that it has too and leaves the others to their defaults.
 */
export function assign(data: Json, assignment: string): JsonRecord {
  const at = assignment.indexOf('=')
  const path = assignment.slice(0, at).trim()
  if (at < 0 || path === '') throw new UsageError(`--set ${assignment}: not path=value, like rollout.maxTokens=64`)
  const names = path.split('.')
  const value = valueOf(assignment, assignment.slice(at + 1).trim())
  const whole = isRecord(data) ? data : {}
  if (names.length === 2 && names[1] === 'kind')
    return { ...whole, [names[0] as string]: rekinded(whole[names[0] as string], names[0] as string, value) }
  return placed(whole, names, value)
}

function valueOf(assignment: string, text: string): Json {
  try {
    return text === '' ? '' : (parse(text) as Json)
  } catch (cause) {
    throw new UsageError(`--set ${assignment}: the value cannot be read, ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
}

function placed(record: JsonRecord, [name = '', ...below]: readonly string[], value: Json): JsonRecord {
  if (below.length === 0) return { ...record, [name]: value }
  const inner = record[name]
  return { ...record, [name]: placed(isRecord(inner) ? inner : {}, below, value) }
}

function rekinded(part: Json | undefined, name: string, kind: Json): JsonRecord {
  const known = configKeys().filter(({ variant }) => variant === kind)
  const has = (key: string): boolean => known.some(({ path }) => path === `${name}.${key}` || path.startsWith(`${name}.${key}.`))
  return { ...Object.fromEntries(Object.entries(isRecord(part) ? part : {}).filter(([key]) => has(key))), kind }
}
