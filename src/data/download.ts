/** Bytes from far away into a file: what came before an interruption is kept, a server that falls silent is left, the sum is checked. */
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { DataError } from '../errors.ts'

/** What a file must be. */
export interface Expected {
  readonly sum: string // hex: SHA-256, or the SHA-1 by which git names a file of this content
  readonly bytes: number
}

/** `fetch` that gives up on a server which does not answer. */
export function fetchPatiently(idleMs: number): typeof fetch {
  return async (input, init) => {
    const silence = new AbortController()
    const timer = setTimeout(() => silence.abort(new Error(`no answer within ${idleMs} ms`)), idleMs)
    try {
      return await fetch(input, { ...init, signal: silence.signal })
    } finally {
      clearTimeout(timer)
    }
  }
}

/** How often, and until when, something is tried again. */
export interface Persistence {
  readonly waitMs: number // before it is tried again, twice as long each time
  readonly isFinal: (cause: unknown) => boolean // to try again is of no use
  readonly onRetry: (cause: unknown, waitMs: number) => void // before the wait
}

/** What `work` gives at last; what went wrong the last time where it gives nothing. */
export async function persistently<T>(work: () => Promise<T>, persistence: Persistence): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (cause) {
      await waitOrThrow(cause, tries, persistence)
    }
  }
}

async function waitOrThrow(cause: unknown, tries: number, { waitMs, isFinal, onRetry }: Persistence): Promise<void> {
  if (isFinal(cause) || tries >= MOST_TRIES) throw cause
  const ownMs = waitMs * 2 ** (tries - 1)
  onRetry(cause, ownMs)
  await sleep(ownMs)
}

export interface DownloadOptions extends Persistence {
  readonly request: (from: number) => Promise<Response> // the file's bytes from there on, or all of it where it cannot go on
  readonly path: string // what came so far
  readonly bytes: number // of the whole
  readonly idleMs: number
}

const MOST_TRIES = 4 // that bring little
const MUCH = { bytes: 2 ** 20, share: 0.05 } // of the file: what a try must bring, the lesser of the two, to count as none

/** Fetches what is missing of `path`. Each try goes on where the last one ended. */
export async function resumedDownload({ request, path, bytes, idleMs, ...persistence }: DownloadOptions): Promise<void> {
  if ((await sizeOf(path)) > bytes) await rm(path)
  await (await open(path, 'a')).close()
  let tries = 0
  for (let have = await sizeOf(path); have < bytes; have = await sizeOf(path)) {
    try {
      await append(path, await request(have), { from: have, idleMs })
      const came = await sizeOf(path)
      if (came < bytes) throw new Error(`the connection ended after ${came} of ${bytes} bytes`)
    } catch (cause) {
      const came = (await sizeOf(path)) - have
      tries = came >= Math.min(MUCH.bytes, MUCH.share * bytes) ? 1 : tries + 1
      await waitOrThrow(cause, tries, persistence)
    }
  }
}

interface Place {
  readonly from: number
  readonly idleMs: number
}

async function append(path: string, { status, body }: Response, { from, idleMs }: Place): Promise<void> {
  await using file = await open(path, from > 0 && status === 200 ? 'w' : 'a') // 200 = the whole again
  const reader = body?.getReader()
  try {
    for (;;) {
      const piece = await within(reader?.read(), idleMs)
      if (piece?.value === undefined) return
      await file.write(piece.value)
    }
  } finally {
    reader?.cancel().catch(() => {})
  }
}

async function within<T>(work: Promise<T> | undefined, idleMs: number): Promise<T | undefined> {
  const stop = new AbortController()
  const silence = sleep(idleMs, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`nothing came for ${idleMs} ms`)
  })
  silence.catch(() => {})
  try {
    return await Promise.race([work, silence])
  } finally {
    stop.abort()
  }
}

/** 0 of none. */
export async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}

/** DataError when the file is not what it must be; it is then taken away, since nothing of it can be trusted. */
export async function checkSum(path: string, { sum, bytes }: Expected): Promise<void> {
  const hash = sum.length === 64 ? createHash('sha256') : createHash('sha1').update(`blob ${bytes}\0`)
  const found = await sumOf(path, hash)
  if (found === sum) return
  await rm(path, { force: true })
  throw new DataError(`its content has the sum ${found}, the hub says ${sum}; nothing of it was kept, ask again`)
}

async function sumOf(path: string, hash: Hash): Promise<string> {
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}
