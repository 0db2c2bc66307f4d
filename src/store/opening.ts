/**
 * A run folder as it is opened to write: made where it is missing, locked, read, and refused where it is not what was asked for. Nothing
 * in it is changed, so that all of this can be taken back: a dry run opens as a run does, and withdraws.
 */
import { closeSync, existsSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { storeError, UsageError } from '../errors.ts'
import { makeFolder, removeFolders } from '../model/make-folder.ts'
import type { RunEvent } from './events.ts'
import { differingKeys, type RunIdentity } from './identity.ts'
import { takeLock } from './lock.ts'
import { type LogContent, readLog } from './log.ts'

/** A folder that is ours, with what its log held. */
export interface Opening extends LogContent {
  readonly directory: string
  readonly log: string // path of the log
  /** Gives the folder back to others. */
  readonly release: () => void
  /** Also takes away what was made for it. */
  readonly withdraw: () => void
}

/**
 * `create` wants a folder that is not there or empty, `resume` one with a run of this identity. UsageError when it is not, StoreError
 * when the folder cannot be made or written or is in use, DataError when its log cannot be read; then it is as it was before.
 */
export function openFolder(directory: string, how: 'create' | 'resume', identity: RunIdentity): Opening {
  const log = join(directory, 'events.jsonl')
  if (how === 'resume' && !existsSync(log)) throw new UsageError(`${directory}: no run to resume here`)
  const made = makeFolder(directory)
  let release = (): void => {}
  const withdraw = (): void => {
    release()
    removeFolders(made)
  }
  try {
    release = takeLock(directory)
    const content = readLog(log)
    if (how === 'create') checkEmpty(directory, content.events)
    else checkSame(directory, content.events, identity)
    return { ...content, directory, log, release, withdraw }
  } catch (cause) {
    withdraw()
    throw cause
  }
}

function checkEmpty(directory: string, events: readonly RunEvent[]): void {
  if (events.length > 0)
    throw new UsageError(`${directory}: holds a run already; go on with it (--resume), or choose another folder (--out)`)
  const other = readdirSync(directory).find((name) => !name.startsWith('lock') && name !== 'events.jsonl')
  if (other !== undefined) throw new UsageError(`${directory}: not empty, holds ${other}; choose another folder (--out)`)
}

function checkSame(directory: string, events: readonly RunEvent[], identity: RunIdentity): void {
  const differing = differingKeys(events[0], identity)
  if (differing.length > 0)
    throw new UsageError(`${directory}: started with another ${differing.join(', ')}; resume with the same, or start a new run`)
  checkWritable(join(directory, 'events.jsonl'))
}

function checkWritable(path: string): void {
  try {
    closeSync(openSync(path, 'r+'))
  } catch (cause) {
    throw storeError(path, cause)
  }
}
