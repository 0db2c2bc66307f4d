/** What the store asks of the file system: names and contents that outlive a power cut, and sums that tell one content from another. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { flushNames, writeAtomically } from '../model/atomic-file.ts'
import { makeFolder } from '../model/make-folder.ts'
import type { FileRecord } from './events.ts'

/** Writes a file that is whole or absent, on the disk under its name when this returns. Makes its folder. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  makeFolder(dirname(path))
  await writeAtomically(path, (handle) => handle.writeFile(bytes))
}

/** Flushes every file below `path` and the folders that name them. */
export async function flushTree(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name)
    if (entry.isDirectory()) await flushTree(child)
    else {
      await using handle = await open(child, 'r+')
      await handle.sync()
    }
  }
  await flushNames(path)
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

/** The system's name for an error, e.g. 'ENOENT'. */
export function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : undefined
}
