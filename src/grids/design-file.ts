/** The folder of a grid: its design, written before the first run and never after, and a lock that keeps a second process out. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { DataError, UsageError } from '../errors.ts'
import { makeFolder } from '../model/make-folder.ts'
import type { Json } from '../store/events.ts'
import { writeWhole } from '../store/files.ts'
import { takeLock } from '../store/lock.ts'

const DESIGN = 'design.json'

/**
 * Makes the folder, or goes on in it; the returned function gives it back. UsageError when it holds another design, StoreError when another
 * process works there.
 */
export async function openDesign(directory: string, design: Json): Promise<() => void> {
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

function readDesign(directory: string): Json {
  const path = join(directory, DESIGN)
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Json
  } catch (cause) {
    throw new DataError(`${path}: not JSON; delete it if the folder is to be begun again`, { cause })
  }
}
