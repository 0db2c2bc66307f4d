/**
 * One writer for a run folder: a file that only one process can create, naming that process. A lock outlives a killed
 * process; it is stale, and taken over, when its process is gone. It is whole from its first moment: its text is written under
 * a name of the process's own, `lock.<host>-<number>`, which a kill may leave behind and the next holder removes. It guards against a
 * second `train` on the same folder, not against malice.
 */
import { constants, copyFileSync, linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { StoreError, storeError } from '../errors.ts'
import { codeOf } from './files.ts'

/** Who holds a lock. `birth` tells a process from a later one that was given the same number. */
interface LockHolder {
  readonly pid: number
  readonly host: string
  readonly birth: string // '' where the system does not tell
}

const holderSchema: z.ZodType<LockHolder> = z.strictObject({ pid: z.int(), host: z.string(), birth: z.string() })

/** Takes the lock of a folder; the returned function gives it back. StoreError, naming the holder, when it is in use. */
export function takeLock(directory: string): () => void {
  const path = join(directory, 'lock')
  const mine: LockHolder = { pid: process.pid, host: hostname(), birth: birthOf(process.pid) }
  if (!tryCreate(path, mine)) {
    removeStale(path)
    if (!tryCreate(path, mine)) throw inUse(path)
  }
  removeLeft(directory)
  return () => rmSync(path, { force: true })
}

/** Whether a folder's lock is held. A holder on another machine counts as alive: nobody here can know. */
export function isLocked(directory: string): boolean {
  return isHeld(join(directory, 'lock'))
}

function tryCreate(path: string, holder: LockHolder): boolean {
  const own = ownName(path)
  try {
    writeFileSync(own, JSON.stringify(holder), { flush: true })
    giveName(own, path)
    return true
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false
    throw storeError(dirname(path), cause)
  } finally {
    rmSync(own, { force: true })
  }
}

/** Fails with EEXIST where the name is taken. */
function giveName(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') throw cause
    copyFileSync(from, to, constants.COPYFILE_EXCL) // a file system without hard links
  }
}

function ownName(path: string): string {
  return `${path}.${hostname()}-${process.pid}`
}

/** Removes what processes left that were killed while they took or replaced a lock. */
function removeLeft(directory: string): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name)
    if (name.startsWith('lock.') && !isHeld(path)) rmSync(path, { force: true })
  }
}

/** Moves a dead process's lock out of the way. What was moved is looked at again, since another process may have been quicker. */
function removeStale(path: string): void {
  if (isHeld(path)) throw inUse(path)
  const aside = ownName(path)
  try {
    renameSync(path, aside)
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return
    throw storeError(path, cause)
  }
  if (isHeld(aside)) {
    renameSync(aside, path)
    throw inUse(path)
  }
  rmSync(aside, { force: true })
}

function inUse(path: string): StoreError {
  const holder = readHolder(path)
  const who = holder === undefined ? 'an unknown process' : `process ${holder.pid} on ${holder.host}`
  return new StoreError(`${path}: this folder is in use, by ${who}; wait for it to end, or delete this file if you know that it is gone`)
}

/** A lock that cannot be read is being written just now, or was cut off by a power failure: its age tells. */
function isHeld(path: string): boolean {
  const holder = readHolder(path)
  if (holder !== undefined) return isAlive(holder)
  try {
    return Date.now() - statSync(path).mtimeMs < 10_000
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return false
    throw storeError(path, cause)
  }
}

/** Undefined for an absent or unreadable file. */
function readHolder(path: string): LockHolder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}

function isAlive({ pid, host, birth }: LockHolder): boolean {
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
  } catch (cause) {
    return codeOf(cause) === 'EPERM' // it lives, and belongs to somebody else
  }
  return birthOf(pid) === birth
}

/** On Linux the boot and the clock tick at which the process began; elsewhere nothing, and then its number alone decides. */
function birthOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const startTick = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] // field 22; the second may hold spaces and ends with ')'
    return `${boot} ${startTick ?? ''}`
  } catch {
    return ''
  }
}
