/**
 * Which training problems are at the edge of a model's ability: those that it answers right neither nearly always nor nearly never
 * (docs/paper.md, one step). The accuracies are kept problem by problem; the file of problems to train on is made of them.
 */
import { z } from 'zod'
import { rightOf, wrongOf } from '../algorithm/group.ts'
import { DataError, UsageError } from '../errors.ts'
import { existsSync } from 'node:fs'
import { writeWhole } from '../store/files.ts'
import { ledgerRows, parsed } from '../store/ledger.ts'
import { linesOf } from '../store/lines.ts'
import type { ProblemSet } from '../tasks/task.ts'
import type { Group } from '../types.ts'

/** A line of both files. */
export interface AccuracyRow {
  readonly index: number // of the problem in its split
  readonly problem: string // id
  readonly right: number // answers
  readonly samples: number // that could be judged
}

const schema: z.ZodType<AccuracyRow> = z.object({
  index: z.int().min(0),
  problem: z.string(),
  right: z.int().min(0),
  samples: z.int().min(0),
})

export function accuracyRows(groups: readonly Group[], first: number): AccuracyRow[] {
  return groups.map((group, i) => {
    const right = rightOf(group).length
    return { index: first + i, problem: group.problem.id, right, samples: right + wrongOf(group).length }
  })
}

export interface Bounds {
  readonly least: number // accuracy in [0, 1]
  readonly most: number
}

export const paperBounds: Bounds = { least: 0.125, most: 0.875 } // [P]

export interface Filtered {
  readonly kept: number
  readonly tooHard: number
  readonly tooEasy: number
  readonly undecided: number // no answer could be judged
}

/** Writes the problems within the bounds to `to`, each with its accuracy. */
export async function writeKept(ledger: string, to: string, { least, most }: Bounds): Promise<Filtered> {
  const rows = [...ledgerRows(ledger, schema)].map(({ row }) => ({ ...row, accuracy: row.right / row.samples }))
  const kept = rows.filter(({ accuracy }) => accuracy >= least && accuracy <= most)
  await writeWhole(to, Buffer.from(kept.map((row) => `${JSON.stringify(row)}\n`).join('')))
  const tooHard = rows.filter(({ accuracy }) => accuracy < least).length
  const undecided = rows.filter(({ samples }) => samples === 0).length
  return { kept: kept.length, tooHard, tooEasy: rows.length - kept.length - tooHard - undecided, undecided }
}

/** The problems of a set that a file of them names. UsageError when there is no file, DataError when it is of other problems. */
export function onlyKept(set: ProblemSet, path: string): ProblemSet {
  if (!existsSync(path)) throw new UsageError(`${path}: no such file; make it with tapo filter, or leave rollout.only out`)
  const indices = [...linesOf(path)].flatMap(({ text, number }) => {
    if (text.trim() === '') return []
    const { index, problem } = parsed(text, `${path}:${number}`, schema)
    if (index >= set.size || set.at(index).id !== problem)
      throw new DataError(
        `${path}:${number}: problem ${problem} is not training problem ${index} of this task; filter the problems of this task`,
      )
    return [index]
  })
  if (indices.length === 0) throw new DataError(`${path}: names no problem; filter with wider bounds`)
  return { size: indices.length, at: (place) => set.at(indices[place] as number) }
}
