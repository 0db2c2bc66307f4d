/** The folder of a grid: its design, written before the first run and never after, and a lock that keeps a second process out. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { DataError, UsageError } from '../errors.ts'
import { makeFolder } from '../model/make-folder.ts'
import { writeWhole } from '../store/files.ts'
import { takeLock } from '../store/lock.ts'
import type { Design } from './grid.ts'

const DESIGN = 'design.json'

const text = z.string()
const schema: z.ZodType<Design> = z.strictObject({
  grid: text,
  what: text,
  arms: z.array(z.strictObject({ name: text, what: text, begins: z.literal('base').optional() })),
  comparisons: z.array(z.strictObject({ title: text, reference: text, arms: z.array(text) })),
  split: z.enum(['train', 'development', 'test']),
  primary: text,
  selection: text,
  test: text,
  cells: z.array(z.strictObject({ name: text, arm: text, seed: z.int(), config: z.json() })),
})

/**
 * Makes the folder, or goes on in it; the returned function gives it back. UsageError when it holds another design, StoreError when another
 * process works there.
 */
export async function openDesign(directory: string, design: Design): Promise<() => void> {
  makeFolder(directory)
  const release = takeLock(directory)
  try {
    const path = join(directory, DESIGN)
    if (!existsSync(path)) await writeWhole(path, Buffer.from(`${JSON.stringify(design, undefined, 2)}\n`))
    else if (!isDeepStrictEqual(readDesign(directory), design))
      throw new UsageError(
        `${path}: was written for other runs than these; go on with the options of the first time, or choose another folder (--out)`,
      )
    return release
  } catch (cause) {
    release()
    throw cause
  }
}

/** UsageError where there is none; DataError for a file that is not one. */
export function readDesign(directory: string): Design {
  const path = join(directory, DESIGN)
  if (!existsSync(path)) throw new UsageError(`${directory}: no grid here, ${DESIGN} is missing; \`tapo experiment\` makes one`)
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    const said = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause)
    throw new DataError(`${path}: not a design, ${said}; delete it if the folder is to be begun again`, { cause })
  }
}
