/**
 * Work that is kept row by row: a JSONL file whose first line says what was asked for and whose other lines are what came of it, each on
 * the disk before the next is begun. Whoever asks for the same again goes on behind the last whole line. What a row says is its room's.
 */
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { DataError, storeError, UsageError } from '../errors.ts'
import { makeFolder } from '../model/make-folder.ts'
import type { Json } from './events.ts'
import { differences } from './identity.ts'
import { wholeLines } from './lines.ts'
import { takeLock } from './lock.ts'

/** What the rows depend on, and nothing else: no path, no time, not how many rows are wanted. */
export interface Asked {
  readonly kind: string // of the rows: 'attempts'
  readonly config: Json
  readonly data: string // hash of the problems, or of what else is worked on
  readonly model: string // hash of the weights, or a name
}

const askedSchema: z.ZodType<Asked> = z.strictObject({ kind: z.string(), config: z.json(), data: z.string(), model: z.string() })

/** A row and where it stands, for messages: 'attempts.jsonl:7'. */
export interface Placed<R> {
  readonly row: R
  readonly place: string
}

/** A ledger that is open to be added to. */
export interface Ledger<R> {
  readonly count: number // rows that were there when it was opened
  /** Adds rows, on the disk when this returns; StoreError when they cannot be written, and then none of them stays. */
  append(rows: readonly R[]): void
  close(): void
}

/**
 * Opens or begins a ledger; its folder is made and locked. UsageError when the file was begun for something else (what differs is named),
 * DataError when its first line does not say for what, StoreError when it cannot be written or is in use.
 */
export function openLedger<R>(path: string, asked: Asked): Ledger<R> {
  makeFolder(dirname(path))
  const unlock = takeLock(dirname(path))
  try {
    const { count, bytes } = existsSync(path) ? checked(path, asked) : { count: -1, bytes: 0 }
    const file = appender(path, bytes)
    if (count < 0) file.append(`${JSON.stringify(asked)}\n`)
    return {
      count: Math.max(0, count),
      append: (rows) => file.append(rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
      close: () => {
        file.close()
        unlock()
      },
    }
  } catch (cause) {
    unlock()
    throw cause
  }
}

/** What a ledger was begun for. UsageError when there is none. */
export function askedOf(path: string): Asked {
  if (!existsSync(path)) throw new UsageError(`${path}: no such file`)
  for (const { text } of wholeLines(path)) return parsed(text, `${path}:1`, askedSchema)
  throw new DataError(`${path}: is empty, its first line should say what was asked for`)
}

/** The rows of a ledger, read one at a time. DataError on a line that is no row. */
export function* ledgerRows<R>(path: string, schema: z.ZodType<R>): Generator<Placed<R>, void> {
  for (const { text, number } of wholeLines(path)) {
    const place = `${path}:${number}`
    if (number > 1) yield { row: parsed(text, place, schema), place }
  }
}

/** A JSON line as a row; `place` names it in the DataError of one that is none. */
export function parsed<R>(line: string, place: string, schema: z.ZodType<R>): R {
  return checkedRow(jsonOf(line, place), place, schema)
}

/** Any value as a row. */
export function checkedRow<R>(value: unknown, place: string, schema: z.ZodType<R>): R {
  const found = schema.safeParse(value)
  if (found.success) return found.data
  const [issue] = found.error.issues
  const field = issue?.path.join('.') ?? ''
  throw new DataError(`${place}: ${field === '' ? 'the row' : field}: ${issue?.message ?? 'is not what it should be'}`)
}

function jsonOf(line: string, place: string): unknown {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw new DataError(`${place}: not JSON, ${JSON.stringify(line.slice(0, 60))}`, { cause })
  }
}

/** Rows and bytes of the whole lines; -1 rows where not even the first is there. */
function checked(path: string, asked: Asked): { readonly count: number; readonly bytes: number } {
  let [count, bytes] = [-1, 0]
  for (const { text, end } of wholeLines(path)) {
    if (count < 0) checkSame(path, parsed(text, `${path}:1`, askedSchema), asked)
    count++
    bytes = end
  }
  return { count, bytes }
}

function checkSame(path: string, before: Asked, now: Asked): void {
  const differing = [...(before.kind === now.kind ? [] : [`kind (${before.kind}, now ${now.kind})`]), ...differences(before, now)]
  if (differing.length > 0)
    throw new UsageError(`${path}: begun with another ${differing.join(', ')}; go on with the same, or choose another folder`)
}

interface Appender {
  append(text: string): void
  close(): void
}

/** The file, cut off at `bytes`: this takes a torn line away. */
function appender(path: string, bytes: number): Appender {
  let written = bytes
  try {
    const descriptor = openSync(path, 'a')
    ftruncateSync(descriptor, written)
    return {
      append(text) {
        try {
          writeFileSync(descriptor, text)
          fsyncSync(descriptor)
          written += Buffer.byteLength(text)
        } catch (cause) {
          ftruncateSync(descriptor, written)
          throw storeError(path, cause)
        }
      },
      close: () => closeSync(descriptor),
    }
  } catch (cause) {
    throw storeError(path, cause)
  }
}
