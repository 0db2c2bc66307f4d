/** Numbers of rows in little memory: eight bytes each. Nothing here reads files. */
import { hash } from 'node:crypto'

/** A list of numbers that grows. */
export class Column {
  #values = new Float64Array(1024)
  #length = 0

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(2 * this.#length)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#length++] = value
  }

  /** NaN outside of it. */
  at(index: number): number {
    return index < this.#length ? (this.#values[index] as number) : Number.NaN
  }

  /** Until the next push. */
  values(): Float64Array {
    return this.#values.subarray(0, this.#length)
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
