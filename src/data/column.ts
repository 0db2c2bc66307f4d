/** Numbers of rows in memory that does not grow with the rows: the last of them at hand, those before in a file without a name. */
import { hash } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DataError } from '../errors.ts'

const CHUNK = 1 << 16 // numbers
const PAGE = 1 << 12 // numbers, read at once; a part of a chunk
const NEAR = 1 << 9 // numbers, read at once where one is asked for
const BYTES = Float64Array.BYTES_PER_ELEMENT
const MOST_PARTS = 64 // that keys are compared in, a pass over all of them each

/** A list of numbers that grows, a chunk at a time. DataError where the temporary folder cannot hold what memory should not. */
export class Column {
  #chunk = new Float64Array(0) // of the last numbers
  #begun = 0 // numbers before the chunk, all of them in the file
  #length = 0
  #descriptor: number | undefined
  readonly #near = new Float64Array(NEAR) // what was read last, since rows are often asked for in order
  #nearFrom = -1

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === 0) this.#chunk = new Float64Array(CHUNK)
    if (this.#length - this.#begun === CHUNK) this.#spill()
    this.#chunk[this.#length++ - this.#begun] = value
  }

  /** NaN outside of it. */
  at(index: number): number {
    if (!(index >= 0 && index < this.#length)) return Number.NaN
    if (index >= this.#begun) return this.#chunk[index - this.#begun] as number
    const from = index - (index % NEAR)
    if (from !== this.#nearFrom) this.#read(from, this.#near)
    this.#nearFrom = from
    return this.#near[index - from] as number
  }

  /** Shows all of them, in order. */
  each(visit: (value: number, index: number) => void): void {
    const page = new Float64Array(PAGE)
    for (let from = 0; from < this.#begun; from += PAGE) {
      this.#read(from, page)
      for (let i = 0; i < PAGE; i++) visit(page[i] as number, from + i)
    }
    for (let i = this.#begun; i < this.#length; i++) visit(this.#chunk[i - this.#begun] as number, i)
  }

  /** All of them, in new memory. */
  values(): Float64Array {
    const all = new Float64Array(this.#length)
    this.each((value, i) => (all[i] = value))
    return all
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #spill(): void {
    try {
      this.#descriptor ??= openNameless()
      const bytes = new Uint8Array(this.#chunk.buffer)
      for (let at = 0; at < bytes.length;) at += writeSync(this.#descriptor, bytes, at, bytes.length - at, BYTES * this.#begun + at)
    } catch (cause) {
      const fact = cause instanceof Error ? cause.message : String(cause)
      throw new DataError(`${tmpdir()}: cannot hold where rows stand, ${fact}; TMPDIR names another folder`, { cause })
    }
    this.#begun = this.#length
  }

  #read(from: number, into: Float64Array): void {
    readSync(this.#descriptor as number, into, 0, into.byteLength, BYTES * from)
  }
}

/** Gone as soon as it is closed. */
function openNameless(): number {
  const folder = mkdtempSync(join(tmpdir(), 'tapo-column-'))
  try {
    return openSync(join(folder, 'numbers'), 'wx+')
  } finally {
    rmSync(folder, { recursive: true }) // what is open can still be written and read
  }
}

/** 52 bits of a text's SHA-256: that any two of a million texts share them has a chance of one in nine thousand. An integer, exact in a double. */
export function keyOf(text: string): number {
  return Number.parseInt(hash('sha256', text).slice(0, 13), 16)
}

/** A key as a share in [0, 1): what a row of this name is to a split, whatever else its file holds. */
export function shareOf(key: number): number {
  return key / 2 ** 52
}

/** Positions of equal keys: those that are there more than once, each list in order, by their first. */
export function repeats(keys: Column): number[][] {
  const parts = Math.min(MOST_PARTS, Math.ceil((1.1 * keys.length) / CHUNK)) // each fits a chunk, as long as there are few enough
  const found = Array.from({ length: parts }, (_, part) => repeatsAmong(keys, (key) => Math.floor(shareOf(key) * parts) === part))
  return found.flat().toSorted(([a = 0], [b = 0]) => a - b)
}

function repeatsAmong(keys: Column, isAmong: (key: number) => boolean): number[][] {
  using own = new Column()
  keys.each((key) => isAmong(key) && own.push(key))
  const sorted = own.values().sort()
  const places = new Map<number, number[]>()
  sorted.forEach((key, i) => void (i > 0 && key === sorted[i - 1] && places.set(key, [])))
  if (places.size > 0) keys.each((key, i) => void places.get(key)?.push(i))
  return [...places.values()]
}
