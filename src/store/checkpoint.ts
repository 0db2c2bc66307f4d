/** Checkpoint folders: written under another name, then renamed, so that a folder with a checkpoint's name holds a whole one. */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Trainer } from '../engine/engine.ts'
import { DataError, EngineError, storeError } from '../errors.ts'
import { partName, renameDurably } from '../model/atomic-file.ts'
import { makeFolder } from '../model/make-folder.ts'
import type { CheckpointEvent, FileRecord, RunEvent } from './events.ts'
import { fileRecord, flushTree, folderRecords } from './files.ts'

/** Saves to `root`/`directory` and tells its files. StoreError, nothing left behind, when it cannot be written (a full disk). */
export async function writeCheckpoint(root: string, directory: string, trainer: Trainer): Promise<FileRecord[]> {
  const path = join(root, directory)
  const temporary = partName(path)
  try {
    makeFolder(dirname(path))
    await trainer.save(temporary)
    await flushTree(temporary)
    await renameDurably(temporary, path)
    return await folderRecords(root, directory)
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true })
    if (cause instanceof EngineError) throw cause
    throw storeError(path, cause)
  }
}

/** The newest complete checkpoint whose folder is still there. */
export function latestCheckpoint(root: string, events: readonly RunEvent[]): CheckpointEvent | undefined {
  const checkpoints = events.filter((event) => event.type === 'checkpoint')
  return checkpoints.findLast(({ directory }) => existsSync(join(root, directory)))
}

/** DataError when a file of the checkpoint is not the one that was saved. */
export async function checkCheckpoint(root: string, event: CheckpointEvent): Promise<void> {
  for (const file of event.files) await checkFile(root, file)
}

/** DataError when the file is missing or differs from its record. */
export async function checkFile(root: string, { path, sha256 }: FileRecord): Promise<void> {
  const place = join(root, path)
  const found = await fileRecord(root, path).catch((cause: unknown) => {
    throw new DataError(`${place}: cannot be read, ${String(cause)}`, { cause })
  })
  if (found.sha256 !== sha256)
    throw new DataError(`${place}: changed since it was written, sha256 ${found.sha256} where the log says ${sha256}`)
}
