/** What makes a run the run that it is, and whether one that is to be resumed is the one that was started. Pure. */
import type { TaskSource } from '../tasks/task.ts'
import type { Json, RunEvent } from './events.ts'

/** Two runs are the same where config, data and model are: the config key by key, the others by their hashes. */
export interface RunIdentity {
  readonly config: Json // resolved; must hold everything that changes the result, and no path or time that does not
  readonly data: string // hash of the problems, see hash.ts
  readonly model: string // hash of the starting weights
  readonly sources?: readonly TaskSource[] // compared by content, wherever the files are now
  readonly steps: number
  readonly package: string // 'tapo@0.1.0'; recorded, not compared
}

/**
 * What differs from a log's first event, in words for a message: 'config rollout.count (8, now 16)', 'data', 'model'.
 * Nothing when the log is empty.
 */
export function differingKeys(first: RunEvent | undefined, now: RunIdentity): string[] {
  return first?.type === 'started'
    ? differences({ ...first.hashes, config: first.config, ...(first.sources && { sources: first.sources }) }, now)
    : []
}

type Compared = Pick<RunIdentity, 'config' | 'data' | 'model' | 'sources'>

/** The same of two things that were asked for. */
export function differences(before: Compared, now: Compared): string[] {
  const files = (['data', 'model'] as const).filter((name) => before[name] !== now[name])
  return [...configDifferences(before.config, now.config, 'config'), ...files, ...sourceDifferences(before.sources, now.sources)]
}

/** Paths of files whose content is not what it was; nothing where the log names none. */
function sourceDifferences(before: RunIdentity['sources'], now: RunIdentity['sources'] = []): string[] {
  return (before ?? []).flatMap(({ path, sha256 }, i) => (now[i]?.sha256 === sha256 ? [] : [`the content of ${path}`]))
}

function configDifferences(before: Json | undefined, after: Json | undefined, path: string): string[] {
  if (isRecord(before) && isRecord(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...keys].flatMap((key) => configDifferences(before[key], after[key], path === 'config' ? `config ${key}` : `${path}.${key}`))
  }
  const [was, is] = [before, after].map((value) => JSON.stringify(value) ?? 'absent')
  return was === is ? [] : [`${path} (${was}, now ${is})`]
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
