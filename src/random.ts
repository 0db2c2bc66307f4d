/**
 * Random numbers by position, not by state: Philox4x32-10 (Salmon et al., 2011), a counter-based generator.
 * A number is a pure function of where it is used: (run seed, step, problem, sample, token). So nothing has to be
 * saved to resume, and neither batching nor timing can change a run. It is not for secrets.
 */

/** The address of a stream of random numbers: two unsigned 32-bit words. */
export type Seed = readonly [number, number]

const M0 = 0xd2511f53
const M1 = 0xcd9e8d57

/** Philox4x32-10: the 128-bit block at counter `(c0, c1, c2, c3)` under the key `seed`, as four unsigned 32-bit words. */
export function philox(seed: Seed, c0: number, c1: number, c2: number, c3: number): [number, number, number, number] {
  let [k0, k1] = seed
  for (let round = 0; round < 10; round++) {
    const low0 = Math.imul(M0, c0)
    const low1 = Math.imul(M1, c2)
    const next0 = multiplyHigh(M1, c2) ^ c1 ^ k0
    c2 = multiplyHigh(M0, c0) ^ c3 ^ k1
    c0 = next0
    c1 = low1
    c3 = low0
    k0 = (k0 + 0x9e3779b9) | 0
    k1 = (k1 + 0xbb67ae85) | 0
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0]
}

/** The stream at a position below `seed`: `fold(runSeed, step, problem)` differs for every step and problem. Positions are integers >= 0. */
export function fold(seed: Seed, ...positions: readonly number[]): Seed {
  let folded = seed
  for (const position of positions) {
    const [a, b] = philox(folded, position >>> 0, Math.floor(position / 2 ** 32), 0, 0x746170)
    folded = [a, b]
  }
  return folded
}

/** The stream of a run seed (an integer >= 0). */
export function seedOf(runSeed: number): Seed {
  return [runSeed >>> 0, Math.floor(runSeed / 2 ** 32) >>> 0]
}

/** The number at `index` of a stream: uniform in [0, 1), 32 random bits. */
export function uniform(seed: Seed, index: number): number {
  return philox(seed, index >>> 0, 0, 0, 0)[0] / 2 ** 32
}

/** An integer at `index` of a stream, uniform in [0, below). */
export function integer(seed: Seed, index: number, below: number): number {
  return Math.floor(uniform(seed, index) * below)
}

/** `count` distinct items of `items` in random order (all of them when there are fewer): Fisher-Yates. */
export function choose<T>(seed: Seed, items: readonly T[], count: number = items.length): T[] {
  const pool = [...items]
  const chosen = Math.min(count, pool.length)
  for (let i = 0; i < chosen; i++) {
    const j = i + integer(seed, i, pool.length - i)
    const held = pool[i] as T
    pool[i] = pool[j] as T
    pool[j] = held
  }
  return pool.slice(0, chosen)
}

/** The upper 32 bits of the 64-bit product of two unsigned 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const low = aLow * bLow
  const middle = aHigh * bLow + (low >>> 16)
  const middle2 = aLow * bHigh + (middle & 0xffff)
  return (aHigh * bHigh + Math.floor(middle / 65536) + (middle2 >>> 16)) | 0
}
