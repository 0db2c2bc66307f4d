/** The verdict on a cold start as it stands in the folder of its run, so that whoever goes on from there can ask for it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { DataError } from '../errors.ts'
import { writeWhole } from '../store/files.ts'
import type { Verdict } from './verdict.ts'

const FILE = 'verdict.json'

const count = z.int().min(0)
const number = z.number()
const schema: z.ZodType<Verdict> = z.strictObject({
  passes: z.boolean(),
  findings: z.array(
    z.strictObject({
      name: z.enum(['parsed', 'right', 'reflecting', 'accuracy']),
      found: z.strictObject({ value: number, low: number, high: number }).nullable(),
      wanted: number.nullable(),
      holds: z.boolean(),
      advice: z.string(),
    }),
  ),
  measured: z.strictObject({
    problems: count,
    eligible: count,
    constructions: z.strictObject({ tried: count, kept: count, right: count, undecided: count, refusals: z.record(z.string(), count) }),
    reflecting: z.strictObject({ answers: count, right: count, others: number.nullable() }),
  }),
})

export async function writeVerdict(directory: string, verdict: Verdict): Promise<void> {
  await writeWhole(join(directory, FILE), Buffer.from(`${JSON.stringify(verdict, undefined, 2)}\n`))
}

/** Undefined where there is none. DataError for a file that does not hold one. */
export function readVerdict(directory: string): Verdict | undefined {
  const path = join(directory, FILE)
  if (!existsSync(path)) return undefined
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    const said = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause)
    throw new DataError(
      `${path}: not a verdict, ${said}; \`tapo coldstart train\` with --resume writes it anew, once the file is deleted`,
      { cause },
    )
  }
}
