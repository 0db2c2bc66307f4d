/** Files that are either whole or absent, whatever happens while they are written. The one place where write errors become StoreErrors. */
import { createHash } from 'node:crypto'
import { closeSync, createReadStream, fsyncSync, openSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { StoreError } from '../errors.ts'
import type { FileRecord } from './events.ts'

/**
 * Writes `bytes` to `path`: first under a temporary name, flushed to the disk, then renamed. A reader sees the old file or the new one.
 * `writeFile` of a handle is used because it goes on after a short write: a disk that fills up in the middle is an error and not a
 * truncated file.
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = temporaryName(path)
  try {
    await mkdir(dirname(path), { recursive: true })
    const handle = await open(temporary, 'w')
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
    flushFolder(dirname(path))
  } catch (cause) {
    await rm(temporary, { force: true })
    throw storeError(path, cause)
  }
}

/** The name under which something is written before it has its own: hidden, in the same folder. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.part`)
}

/** Makes the names in a folder outlive a power cut. Not every system can open a folder; where it cannot, the names are in the journal's hands. */
export function flushFolder(path: string): void {
  try {
    const descriptor = openSync(path, 'r')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch (cause) {
    if (process.platform !== 'win32') throw storeError(path, cause)
  }
}

/** Flushes every file below `path` and the folders that name them. */
export async function flushTree(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name)
    if (entry.isDirectory()) await flushTree(child)
    else {
      const handle = await open(child, 'r+')
      try {
        await handle.sync()
      } finally {
        await handle.close()
      }
    }
  }
  flushFolder(path)
}

/** SHA-256 of a file, hex, and its size. `root` is taken off the recorded path. */
export async function fileRecord(root: string, path: string): Promise<FileRecord> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(join(root, path), { highWaterMark: 1 << 20 })) {
    const piece = chunk as Uint8Array
    hash.update(piece)
    bytes += piece.length
  }
  return { path, bytes, sha256: hash.digest('hex') }
}

/** Every file below `root`/`folder`, by path, with '/' on every system. */
export async function folderRecords(root: string, folder: string): Promise<FileRecord[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)))
  const records: FileRecord[] = []
  for (const path of paths.map((each) => each.replaceAll('\\', '/')).toSorted()) records.push(await fileRecord(root, path))
  return records
}

/** What went wrong while writing `path`, in one sentence that names it. */
export function storeError(path: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause
  const fact = codeOf(cause) === 'ENOSPC' ? 'no space left on the disk' : cause instanceof Error ? cause.message : String(cause)
  return new StoreError(`${path}: could not be written, ${fact}`, { cause })
}

/** The system's name for an error ('ENOENT'), of the error itself or of one that caused it. */
export function codeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : codeOf(cause.cause)
}
