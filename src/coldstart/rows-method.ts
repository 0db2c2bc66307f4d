/**
 * Learning from a file of rows: likelihood on one joint mixture (docs/paper.md, cold start), through the ordinary loop. A row stands where a
 * problem stands, nothing is attempted, and the example is the row itself.
 *
 * - Every trained token alike [P, mean D]; whether a correction's wrong prefix is among them is `prefixLoss` [D]
 * - A correction is tokenized in two pieces, so that its prefix ends where a token ends, as in RL [D]
 */
import { flat } from '../algorithm/flat.ts'
import { type Demonstration, ended } from '../methods/demonstrations.ts'
import type { Method } from '../methods/method.ts'
import { imitate } from '../methods/sft.ts'
import type { ProblemSet } from '../tasks/task.ts'
import type { Tokenizer } from '../text/tokenizer.ts'
import type { Group, Judge, Problem } from '../types.ts'
import type { MixtureRow } from './mixture.ts'

export interface RowsOptions {
  readonly prefixLoss: 'trained' | 'context' // whether the wrong prefix of a correction is learnt; replies are learnt whole
}

export const rowsDefaults: RowsOptions = { prefixLoss: 'trained' }

export function learnRows(rows: readonly MixtureRow[], { prefixLoss }: RowsOptions = rowsDefaults): Method {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return (groups, context) => {
    const demonstrations = groups.map((group) => demonstrationOf(group, byId.get(group.problem.id) as MixtureRow, context.tokenizer))
    const contexts = demonstrations.map((each) => (prefixLoss === 'context' ? each : { ...each, contextLength: 0 }))
    return Promise.resolve(imitate(contexts, groups, context))
  }
}

/** The rows as the loop asks for them: each a problem of its own. */
export function rowProblems(rows: readonly MixtureRow[]): ProblemSet {
  return { size: rows.length, at: (index) => problemOf(rows[index] as MixtureRow) }
}

/** Asks a row by its own prompt, whatever its format. */
export function askingRows(task: Judge): Judge {
  return { ...task, ask: ({ question }) => question }
}

function problemOf({ id, prompt, completion }: MixtureRow): Problem {
  return { id, question: prompt, answer: '', solution: completion }
}

/** `contextLength` is that of the kept prefix. */
function demonstrationOf({ problem, prompt }: Group, { kind, completion, prefix }: MixtureRow, tokenizer: Tokenizer): Demonstration {
  const id = `${problem.id} row`
  if (kind !== 'correction') return { kind, id, prompt, tokens: ended(completion, tokenizer), contextLength: 0 }
  const kept = tokenizer.encode(prefix)
  return { kind, id, prompt, tokens: flat(kept, ended(completion.slice(prefix.length), tokenizer)), contextLength: kept.length }
}
