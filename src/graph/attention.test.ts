import { expect, test } from 'vitest'
import { compile } from '../engine/local/session.ts'
import { seedOf, uniform } from '../random.ts'
import { attention, blockAttention } from './attention.ts'
import { gradients } from './gradient.ts'
import { type Value, elements, input } from './value.ts'

const [blocks, R, K, J, A, S, C] = [3, 2, 2, 2, 128, 16, 32]
const B = C + blocks * A
const scale = 0.25

const numbers = (seed: number, shape: readonly number[]): Float32Array =>
  Float32Array.from({ length: elements(shape) }, (_, i) => 2 * uniform(seedOf(seed), i) - 1)

/** From [.., rows, heads, blocks * A, width] to [blocks, rows, heads, A, width]. */
function inBlocks(whole: Float32Array, lines: number, width: number): Float32Array {
  const cut = new Float32Array(whole.length)
  for (let line = 0; line < lines; line++)
    for (let block = 0; block < blocks; block++) {
      const from = (line * blocks + block) * A * width
      cut.set(whole.subarray(from, from + A * width), (block * lines + line) * A * width)
    }
  return cut
}

/** Output and gradients of the form, for queries, keys, values and a cotangent of the output. */
async function run(form: 'whole' | 'blocks'): Promise<Float32Array[]> {
  const lead = form === 'whole' ? [] : [blocks]
  const tile = form === 'whole' ? blocks * A : A
  const q = input('q', [...lead, R, K, J, tile, S])
  const [k, v] = [input('k', [R, K, 1, B, S]), input('v', [R, K, 1, B, S])]
  const mask = input('mask', [...lead, R, 1, 1, tile, B])
  const seen = input('seen', [blocks], 'int64')
  const y = form === 'whole' ? attention(q, k, v, { mask, scale }) : blockAttention(q, k, v, { mask, scale, seen })
  const found = gradients([{ value: y, gradient: input('g', q.shape) }], [q, k, v]) as [Value, Value, Value]
  const session = await compile({ y, gq: found[0], gk: found[1], gv: found[2] }, { threads: 2 })
  const causal = Float32Array.from({ length: R * blocks * A * B }, (_, i) => (i % B > (Math.floor(i / B) % (blocks * A)) + C ? -1e30 : 0))
  const tiled = (data: Float32Array, lines: number, width: number): Float32Array => (form === 'whole' ? data : inBlocks(data, lines, width))
  const shape = [R, K, J, blocks * A, S]
  const result = await session.run({
    q: { data: tiled(numbers(1, shape), R * K * J, S), shape: q.shape as number[] },
    k: { data: numbers(2, [R, K, 1, B, S]), shape: [R, K, 1, B, S] },
    v: { data: numbers(3, [R, K, 1, B, S]), shape: [R, K, 1, B, S] },
    mask: { data: tiled(causal, R, B), shape: mask.shape as number[] },
    g: { data: tiled(numbers(4, shape), R * K * J, S), shape: q.shape as number[] },
    seen: { data: BigInt64Array.from({ length: blocks }, (_, block) => BigInt(C + (block + 1) * A)), shape: [blocks] },
  })
  await session.dispose()
  return ['y', 'gq', 'gk', 'gv'].map((name) => Float32Array.from(result[name] as Float32Array))
}

test('attention in blocks of queries gives the bytes of attention in one piece, and so do its gradients', async () => {
  const [whole, cut] = [await run('whole'), await run('blocks')]
  const sameBytes = (a: Float32Array, b: Float32Array): boolean => Buffer.from(a.buffer).equals(Buffer.from(b.buffer))
  whole.forEach((values, i) => {
    expect(Math.max(...values.subarray(0, 1000))).toBeGreaterThan(0.01)
    expect(sameBytes(cut[i] as Float32Array, i < 2 ? inBlocks(values, R * K * J, S) : values)).toBe(true)
  })
})
