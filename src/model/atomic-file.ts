/** Files and folders that are either whole or absent: built under a temporary name, flushed to the disk, then renamed. */
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { storeError } from '../errors.ts'

/**
 * Gives `write` a handle to a temporary file beside `path`, which takes the place of `path` once everything is on the disk. If anything fails, the
 * temporary file goes and `path` stays as it was. Throws StoreError for what the disk refuses (full, read-only, no folder).
 */
export async function writeAtomically(path: string, write: (handle: FileHandle) => Promise<void>): Promise<void> {
  const temporary = partName(path)
  try {
    const handle = await open(temporary, 'w')
    try {
      await write(handle)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await renameDurably(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true })
    throw storeError(path, cause)
  }
}

/** The name under which `path` is built: hidden, in the same folder and so on the same disk. */
export function partName(path: string): string {
  return join(dirname(path), `.${basename(path)}.part`)
}

/** Renames, and makes the new name outlive a power cut. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to)
  await flushNames(dirname(to))
}

/** Puts the names in a folder onto the disk; Windows cannot open folders and keeps them in its journal. */
export async function flushNames(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  await using handle = await open(folder, 'r')
  await handle.sync()
}
