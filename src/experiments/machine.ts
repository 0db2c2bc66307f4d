/** What this machine can do: its speed in matrix products, measured in a moment, and the room on its disk. */
import { statfsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { compile } from '../engine/local/session.ts'
import { matmul } from '../graph/ops.ts'
import { external, input } from '../graph/value.ts'

const SIZE = 768 // square matrices, large enough to keep the cores busy
const MEASURE_MS = 150

/** Floating-point operations per second of products with fixed weights, the best of the moment. */
export async function measureSpeed(threads: number): Promise<number> {
  const weights = new Map([['w', new Float32Array(SIZE * SIZE).fill(0.5)]])
  const x = new Float32Array(SIZE * SIZE).fill(0.5)
  const session = await compile({ y: matmul(input('x', [SIZE, SIZE]), external('w', [SIZE, SIZE])) }, { threads, weights })
  const feeds = { x: { data: x, shape: [SIZE, SIZE] } }
  await session.run(feeds)
  const begin = performance.now()
  let best = Infinity
  while (performance.now() - begin < MEASURE_MS) {
    const start = performance.now()
    await session.run(feeds)
    best = Math.min(best, performance.now() - start)
  }
  await session.dispose()
  return (2 * SIZE ** 3) / (best / 1000)
}

/** Free bytes where `directory` is or would be made. */
export function freeBytes(directory: string): number {
  const path = resolve(directory)
  try {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  } catch (cause) {
    if (dirname(path) === path) throw cause
    return freeBytes(dirname(path))
  }
}
