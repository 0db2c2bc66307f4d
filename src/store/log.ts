/** `events.jsonl` as a file: read it, and add to it so that an event is either there or not. What events say is in events.ts. */
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DataError, storeError } from '../errors.ts'
import { decodeEvent, encodeEvent, type RunEvent } from './events.ts'
import { codeOf } from './files.ts'

/** The complete events of a log; `bytes` is where they end. What a kill left behind them is a torn line, and not an error. */
export interface LogContent {
  readonly events: readonly RunEvent[]
  readonly bytes: number
}

/** An absent file is an empty log. DataError, with line number, on a line that is no event, a gap in the numbers, or another beginning. */
export function readLog(path: string): LogContent {
  const lines = completeLines(readOrNothing(path))
  const events = lines.map((line, i) => decodeEvent(line, `${path}:${i + 1}`))
  events.forEach((event, i) => {
    if (event.seq !== i) throw new DataError(`${path}:${i + 1}: event ${event.seq} where ${i} was expected, lines are missing or doubled`)
    if ((event.type === 'started') !== (i === 0))
      throw new DataError(`${path}:${i + 1}: the log must begin with 'started', '${event.type}' found`)
  })
  return { events, bytes: lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0) }
}

/** Owns the open file. There is one writer at a time: the lock sees to that. */
export class EventLog {
  readonly #path: string
  readonly #descriptor: number
  #bytes: number

  /** Opens the file to add to it, and cuts it off at `bytes`: this takes a torn line away. */
  constructor(path: string, bytes: number) {
    try {
      this.#descriptor = openSync(path, 'a')
      ftruncateSync(this.#descriptor, bytes)
      fsyncSync(this.#descriptor)
      flushName(path)
    } catch (cause) {
      throw storeError(path, cause)
    }
    this.#path = path
    this.#bytes = bytes
  }

  /**
   * On the disk when this returns. When it cannot be written whole (a full disk), none of it stays. DataError on what could
   * not be read again.
   */
  append(event: RunEvent): void {
    const text = encodeEvent(event)
    decodeEvent(text, `${this.#path}: a new event`)
    const line = Buffer.from(text)
    try {
      writeFileSync(this.#descriptor, line)
      fsyncSync(this.#descriptor)
    } catch (cause) {
      ftruncateSync(this.#descriptor, this.#bytes)
      throw storeError(this.#path, cause)
    }
    this.#bytes += line.length
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}

/** Makes the file's name outlive a power cut; Windows cannot open folders and keeps names in its journal. */
function flushName(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return ''
    throw new DataError(`${path}: cannot be read, ${String(cause)}`, { cause })
  }
}

/**
 * A last line without its newline is torn; so is one that is no JSON, since a power cut may keep the end of a write and
 * lose its middle.
 */
function completeLines(content: string): string[] {
  const lines = content.split('\n').slice(0, -1)
  const last = lines.at(-1)
  return last === undefined || isJson(last) ? lines : lines.slice(0, -1)
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}
