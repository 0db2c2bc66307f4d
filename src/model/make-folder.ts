/**
 * Folders made one at a time. Node 20's own recursive mkdir never ends below a folder that is there and takes no children (/proc on
 * Linux), and it does not tell all that it made.
 */
import { mkdirSync, rmdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { StoreError } from '../errors.ts'

/**
 * Makes a folder and those above it that are missing, and tells which it made, outermost first. StoreError where one cannot be made;
 * then none stays.
 */
export function makeFolder(path: string): string[] {
  const made: string[] = []
  for (const folder of missing(resolve(path))) {
    try {
      mkdirSync(folder)
      made.push(folder)
    } catch (cause) {
      if (isFolder(folder)) continue // somebody else was quicker
      removeFolders(made)
      throw new StoreError(`${path}: this folder cannot be made, ${obstacle(folder, cause)}; choose another`, { cause })
    }
  }
  return made
}

/** Takes folders away again, innermost last in the list; one that is in use by now stays, with those around it. */
export function removeFolders(made: readonly string[]): void {
  for (const folder of made.toReversed()) {
    try {
      rmdirSync(folder)
    } catch {
      return
    }
  }
}

/** What is no folder on the way to `path`, outermost first. */
function missing(path: string): string[] {
  return isFolder(path) || dirname(path) === path ? [] : [...missing(dirname(path)), path]
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

function obstacle(folder: string, cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  return code === 'EEXIST' ? `${folder} is not a folder` : `${dirname(folder)} takes no new folder (${code})`
}
