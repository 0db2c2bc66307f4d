/** Names for content: SHA-256 sums of configs, problem sets and model folders, so that a resumed run can tell that it is the same run. */
import { createHash } from 'node:crypto'
import type { ProblemSet } from '../tasks/task.ts'
import type { Json } from './events.ts'
import { folderRecords } from './files.ts'

/** Of the canonical JSON: keys sorted, so that the order in which a config was written does not matter. Hex. */
export function hashJson(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}

/**
 * Of the size and of the problems themselves: all of them up to `limit`, else `limit` spread evenly over the set (a
 * generated set may state millions).
 */
export function hashProblems(set: ProblemSet, limit: number = 4096): string {
  const count = Math.min(set.size, limit)
  const hash = createHash('sha256').update(`${set.size}\n`)
  for (let i = 0; i < count; i++) {
    const { id, question, answer, solution } = set.at(Math.floor((i * set.size) / count))
    hash.update(`${canonicalJson([id, question, answer, solution ?? null])}\n`)
  }
  return hash.digest('hex')
}

/** Of the names and contents of every file in a model folder. */
export async function hashFolder(directory: string): Promise<string> {
  return hashJson((await folderRecords(directory, '.')).map(({ path, sha256 }) => [path, sha256]))
}

/** JSON with sorted keys and no white space; what JSON cannot say (undefined, infinities) must not be in it. */
function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
}
