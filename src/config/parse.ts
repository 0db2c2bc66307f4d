/** From plain data to a checked configuration, or to one message that names everything that is wrong with it. */
import { z } from 'zod'
import { UsageError } from '../errors.ts'
import type { Json } from '../store/events.ts'
import type { Config } from './config.ts'
import { configKeys, keysFor } from './keys.ts'
import { nearest } from './nearest.ts'
import { configSchema } from './schema.ts'

/** Where a path of the data stands in its file, e.g. 'mine.yaml:3:5'; for messages. */
export type Locate = (path: readonly PropertyKey[]) => string

/** Checks everything and fills in defaults. UsageError with one line for each thing that is wrong. */
export function parseConfig(data: Json, locate: Locate = () => 'config'): Config {
  const parsed = configSchema.safeParse(data)
  if (!parsed.success) {
    const lines = parsed.error.issues.flatMap((issue) => linesOf(issue, data).map(({ path, fact }) => `${locate(path)}: ${fact}`))
    throw new UsageError([...new Set(lines)].join('\n'))
  }
  checkTogether(parsed.data, locate)
  return parsed.data
}

interface Line {
  readonly path: readonly PropertyKey[]
  readonly fact: string
}

function linesOf(issue: z.core.$ZodIssue, data: Json): Line[] {
  const path = issue.path
  const name = path.join('.')
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], fact: unknownKey([...path, key].join('.'), data) }))
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.find((errors) => errors.some(({ path: below }) => below.length > 0)) ?? []
    if (inner.length > 0) return inner.flatMap((each) => linesOf({ ...each, path: [...path, ...each.path] }, data))
    return [{ path, fact: `${name}: ${kinds(name) ?? issue.message}` }]
  }
  return [{ path, fact: `${name === '' ? 'the whole' : name}: ${lowerFirst(issue.message)}` }]
}

/** The message for a key that does not exist: the nearest one that does, or the kind that has it. */
export function unknownKey(path: string, data: Json): string {
  const elsewhere = configKeys().find((key) => key.path === path)
  if (elsewhere?.variant !== undefined) {
    return `${path}: only ${path.split('.')[0]}.kind ${elsewhere.variant} has this key`
  }
  const meant = nearestPath(path, pathsOf(data))
  return `${path}: no such key${meant === undefined ? '; `tapo config` lists all' : `, did you mean ${meant}?`}`
}

/** By its own name first: people forget the group more often than they misspell both. */
function nearestPath(path: string, paths: readonly string[]): string | undefined {
  const lastOf = (each: string): string => each.split('.').at(-1) as string
  const name = nearest(lastOf(path), paths.map(lastOf))
  const named = paths.filter((each) => lastOf(each) === name)
  return nearest(path, named) ?? named[0]
}

/** Paths of the keys and of the groups that hold them. */
function pathsOf(data: Json): string[] {
  const leaves = keysFor(data).map(({ path }) => path)
  const groups = leaves.flatMap((path) => path.split('.').map((_, i, names) => names.slice(0, i).join('.')))
  return [...new Set([...leaves, ...groups])].filter((path) => path !== '')
}

function kinds(path: string): string | undefined {
  const found = configKeys().flatMap(({ path: each, variant }) => (each === `${path}.kind` || each === path ? [variant] : []))
  return found.length === 0 ? undefined : `not one of ${found.join(', ')}`
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1)
}

/** What no single key can tell. */
function checkTogether({ task, method, rollout }: Config, locate: Locate): void {
  if (task.kind === 'mini' && task.fewest > task.most) {
    throw new UsageError(`${locate(['task', 'fewest'])}: task.fewest: ${task.fewest} is more than task.most, ${task.most}`)
  }
  if (method.kind === 'rows' && rollout.groupSize > 0) {
    const fact = `${rollout.groupSize} attempts, but rows are learnt as they are; set it to 0`
    throw new UsageError(`${locate(['rollout', 'groupSize'])}: rollout.groupSize: ${fact}`)
  }
  const samples = method.kind === 'sft' ? method.corrections || method.reflections : method.kind !== 'rows'
  if (rollout.groupSize === 0 && samples) {
    const what = method.kind === 'sft' ? 'corrections and reflections are' : `${method.kind} is`
    throw new UsageError(`${locate(['rollout', 'groupSize'])}: rollout.groupSize: 0 attempts, but ${what} made of attempts`)
  }
}
