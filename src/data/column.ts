/** Numbers of rows in little memory. Nothing here reads files. */
import { hash } from 'node:crypto'

const CHUNK = 1 << 16 // numbers

/** A list of numbers that grows, a chunk at a time, so that nothing is copied: of four bytes each where they are counts below 2^32, else of eight. */
export class Column {
  readonly #kind: Float64ArrayConstructor | Uint32ArrayConstructor
  readonly #chunks: (Float64Array | Uint32Array)[] = []
  #length = 0

  constructor(kind: Float64ArrayConstructor | Uint32ArrayConstructor = Float64Array) {
    this.#kind = kind
  }

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length % CHUNK === 0) this.#chunks.push(new this.#kind(CHUNK))
    this.#chunks.at(-1)![this.#length++ % CHUNK] = value
  }

  /** NaN outside of it. */
  at(index: number): number {
    return index < this.#length ? (this.#chunks[Math.floor(index / CHUNK)]![index % CHUNK] as number) : Number.NaN
  }

  /** All of them, in new memory. */
  values(): Float64Array {
    const all = new Float64Array(this.#length)
    this.#chunks.forEach((chunk, i) => all.set(chunk.subarray(0, this.#length - i * CHUNK), i * CHUNK))
    return all
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
export function repeats(keys: Float64Array): number[][] {
  const sorted = Float64Array.from(keys).sort()
  const repeated = new Set(sorted.filter((key, i) => i > 0 && key === sorted[i - 1]))
  if (repeated.size === 0) return []
  const places = new Map<number, number[]>()
  keys.forEach((key, i) => {
    if (!repeated.has(key)) return
    const before = places.get(key)
    if (before === undefined) places.set(key, [i])
    else before.push(i)
  })
  return [...places.values()]
}
