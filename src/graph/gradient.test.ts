import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../engine/local/session.ts'
import { seedOf, uniform } from '../random.ts'
import { attention, blockAttention } from './attention.ts'
import { gradients } from './gradient.ts'
import * as ops from './ops.ts'
import { type Value, constant, elements, input, int64s, scalar } from './value.ts'

/** An operation of float inputs with these shapes. */
interface Case {
  readonly shapes: readonly (readonly number[])[]
  readonly apply: (inputs: readonly Value[]) => Value
}

const size = fc.integer({ min: 1, max: 5 })
const sizes = fc.tuple(size, size, size)

const mask = (rows: number, A: number, B: number): Value =>
  constant(
    Float32Array.from({ length: rows * A * B }, (_, i) => (i % B > (Math.floor(i / B) % A) + B - A ? -1e30 : 0)),
    [rows, 1, 1, A, B],
  )

/** The causal mask of rows of blocks * A queries behind the keys that come before them, [blocks, rows, 1, 1, A, B]. */
const blockMask = (blocks: number, rows: number, A: number, B: number): Value =>
  constant(
    Float32Array.from({ length: blocks * rows * A * B }, (_, i) => {
      const [block, query, key] = [Math.floor(i / (rows * A * B)), Math.floor(i / B) % A, i % B]
      return key > block * A + query + B - blocks * A ? -1e30 : 0
    }),
    [blocks, rows, 1, 1, A, B],
  )

const cases: Readonly<Record<string, (n: number, m: number, k: number) => Case>> = {
  'add, one side broadcast': (n, m) => ({
    shapes: [
      [n, m],
      [n, 1],
    ],
    apply: ([a, b]) => ops.add(a!, b!),
  }),
  'subtract, one side broadcast': (n, m) => ({ shapes: [[m], [n, m]], apply: ([a, b]) => ops.subtract(a!, b!) }),
  'multiply, one side broadcast': (n, m) => ({ shapes: [[n, m], [m]], apply: ([a, b]) => ops.multiply(a!, b!) }),
  'multiply by itself': (n, m) => ({ shapes: [[n, m]], apply: ([a]) => ops.multiply(a!, a!) }),
  negate: (n) => ({ shapes: [[n]], apply: ([a]) => ops.negate(a!) }),
  exp: (n) => ({ shapes: [[n]], apply: ([a]) => ops.exp(a!) }),
  transpose: (n, m, k) => ({ shapes: [[n, m, k]], apply: ([a]) => ops.transpose(a!, [2, 0, 1]) }),
  reshape: (n, m, k) => ({ shapes: [[n, m * k]], apply: ([a]) => ops.reshape(a!, [n * m, k]) }),
  'linear with a bias': (n, m, k) => ({ shapes: [[n, m], [k, m], [k]], apply: ([x, w, b]) => ops.linear(x!, w!, b) }),
  batchMatmul: (n, m, k) => ({
    shapes: [
      [2, n, m],
      [2, m, k],
    ],
    apply: ([a, b]) => ops.batchMatmul(a!, b!, { scale: 0.5 }),
  }),
  'batchMatmul transposed': (n, m, k) => ({
    shapes: [
      [2, n, m],
      [2, k, m],
    ],
    apply: ([a, b]) => ops.batchMatmul(a!, b!, { transposeB: true }),
  }),
  softmax: (n, m) => ({ shapes: [[n, m]], apply: ([a]) => ops.softmax(a!) }),
  rmsNorm: (n, m) => ({ shapes: [[n, m], [m]], apply: ([x, w]) => ops.rmsNorm(x!, w!, 1e-2) }),
  swiglu: (n, m) => ({
    shapes: [
      [n, m],
      [n, m],
    ],
    apply: ([a, b]) => ops.swiglu(a!, b!),
  }),
  'attention with shared keys': (n, m, k) => ({
    shapes: [
      [2, n, m, k, 4],
      [2, n, 1, k, 4],
      [2, n, 1, k, 4],
    ],
    apply: ([q, key, v]) => attention(q!, key!, v!, { mask: mask(2, k, k), scale: 0.5 }),
  }),
  'attention in two blocks of queries': (n, m, k) => ({
    shapes: [
      [2, 2, n, m, k, 4],
      [2, n, 1, 1 + 2 * k, 4],
      [2, n, 1, 1 + 2 * k, 4],
    ],
    apply: ([q, key, v]) =>
      blockAttention(q!, key!, v!, { mask: blockMask(2, 2, k, 1 + 2 * k), scale: 0.5, seen: int64s([1 + k, 1 + 2 * k]) }),
  }),
  rotary: (n, m, k) => ({ shapes: [[n, 1, m * 2 * k]], apply: ([x]) => ops.rotary(x!, positions(n), m, turns(2 * k)) }),
  'gatherRows of a permutation': (n, m) => ({
    shapes: [[n, m]],
    apply: ([x]) => ops.gatherRows(x!, reversed(n), (g) => ops.gatherRows(g, reversed(n))),
  }),
}

const reversed = (n: number): Value => constant(Int32Array.from({ length: n }, (_, i) => n - 1 - i))
const positions = (n: number): Value =>
  constant(
    BigInt64Array.from({ length: n }, (_, i) => BigInt((3 * i) % 8)),
    [n, 1],
  )
const turns = (width: number): ops.RotaryTables => {
  const table = (f: (angle: number) => number): Value =>
    constant(
      Float32Array.from({ length: 4 * width }, (_, i) => f(0.3 * i)),
      [8, width / 2],
    )
  return { cos: table(Math.cos), sin: table(Math.sin), back: table((angle) => -Math.sin(angle)) }
}

/** sum(y * weight), and its gradients, at the given inputs. */
async function evaluator({
  shapes,
  apply,
}: Case): Promise<(data: readonly Float32Array[]) => Promise<{ y: Float32Array; gradients: Float32Array[] }>> {
  const inputs = shapes.map((shape, i) => input(`x${i}`, shape))
  const y = apply(inputs)
  const weight = constant(numbers(9, elements(y.shape as readonly number[])), y.shape as readonly number[])
  const found = gradients([{ value: y, gradient: ops.multiply(weight, scalar(1)) }], inputs)
  const outputs = Object.fromEntries(found.map((gradient, i) => [`g${i}`, gradient as Value]))
  const session = await compile({ y: ops.multiply(y, weight), ...outputs }, { threads: 1 })
  return async (data) => {
    const result = await session.run(
      Object.fromEntries(data.map((values, i) => [`x${i}`, { data: values, shape: shapes[i] as readonly number[] }])),
    )
    return { y: result['y'] as Float32Array, gradients: shapes.map((_, i) => result[`g${i}`] as Float32Array) }
  }
}

function numbers(seed: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => 2 * uniform(seedOf(seed), i) - 1)
}

const total = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0)
const STEP = 1 / 256

for (const [name, make] of Object.entries(cases)) {
  test(`the gradient of ${name} agrees with central differences`, async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 0, max: 1000 }), async ([n, m, k], seed) => {
        const operation = make(n, m, k)
        const run = await evaluator(operation)
        const at = operation.shapes.map((shape, i) => numbers(seed + 31 * i, elements(shape)))
        const along = operation.shapes.map((shape, i) => numbers(seed + 31 * i + 7, elements(shape)))
        const moved = (step: number): Float32Array[] => at.map((x, i) => x.map((value, j) => value + step * (along[i]?.[j] ?? 0)))
        const [ahead, behind, here] = [await run(moved(STEP)), await run(moved(-STEP)), await run(at)]
        const measured = (total(ahead.y) - total(behind.y)) / (2 * STEP)
        const slope = here.gradients.reduce((sum, g, i) => sum + g.reduce((part, value, j) => part + value * (along[i]?.[j] ?? 0), 0), 0)
        const scale = here.gradients.reduce((sum, g) => sum + g.reduce((part, value) => part + Math.abs(value), 0), 1)
        expect(Math.abs(measured - slope) / scale).toBeLessThan(2e-3)
      }),
      { numRuns: 8 },
    )
  })
}

test('what reaches a value on two ways is added', async () => {
  const x = input('x', [2])
  const [gradient] = gradients([{ value: ops.multiply(x, x), gradient: constant(new Float32Array([1, 10])) }], [x])
  const session = await compile({ gradient: gradient as Value }, { threads: 1 })
  const result = await session.run({ x: { data: Float32Array.of(3, 4), shape: [2] } })
  expect([...(result['gradient'] as Float32Array)]).toEqual([6, 80])
})
