/**
 * The operations, each with its shape rule and its gradient rule. Gradients of what is never trained through (indices,
 * masks, positions, rotation tables) do not exist. A rule may use the node's own outputs, so that nothing is computed twice.
 */
import { type Dim, type Shape, type Value, emit, emitMany, fused, int64s, scalar } from './value.ts'

const CONTRIB = 'com.microsoft'

export function add(a: Value, b: Value): Value {
  return emit('Add', [a, b], broadcast(a.shape, b.shape), { gradient: ([g]) => [reduced(g, a), reduced(g, b)] })
}

export function subtract(a: Value, b: Value): Value {
  return emit('Sub', [a, b], broadcast(a.shape, b.shape), { gradient: ([g]) => [reduced(g, a), g && reduced(negate(g), b)] })
}

export function multiply(a: Value, b: Value): Value {
  return emit('Mul', [a, b], broadcast(a.shape, b.shape), {
    gradient: ([g]) => [g && reduced(multiply(g, b), a), g && reduced(multiply(g, a), b)],
  })
}

export function negate(x: Value): Value {
  return emit('Neg', [x], x.shape, { gradient: ([g]) => [g && negate(g)] })
}

export function exp(x: Value): Value {
  const y: Value = emit('Exp', [x], x.shape, { gradient: ([g]) => [g && multiply(g, y)] })
  return y
}

/** The dimensions in another order. */
export function transpose(x: Value, order: readonly number[]): Value {
  const shape = order.map((axis) => x.shape[axis] as Dim)
  const inverse = order.map((_, axis) => order.indexOf(axis))
  return emit('Transpose', [x], shape, { attributes: { perm: order }, gradient: ([g]) => [g && transpose(g, inverse)] })
}

/** The same numbers in another shape. At most one named dimension of the new shape may not stand at its old place. */
export function reshape(x: Value, shape: Shape): Value {
  const kept = (dim: Dim, index: number): boolean => typeof dim === 'string' && x.shape[index] === dim
  const sizes = shape.map((dim, index) => (typeof dim === 'number' ? dim : kept(dim, index) ? 0 : -1))
  if (sizes.filter((size) => size === -1).length > 1) throw new Error(`internal: reshape of [${x.shape}] to [${shape}] is ambiguous`)
  return emit('Reshape', [x, int64s(sizes)], shape, { gradient: ([g]) => [g && reshape(g, x.shape)] })
}

/** All but the last dimension as one: [.., W] to [rows, W]. No gradient. */
export function flatten(x: Value): Value {
  return emit('Flatten', [x], ['rows', x.shape.at(-1) as Dim], { attributes: { axis: x.shape.length - 1 } })
}

/** With a dimension of size 1 put in at `axis`. No gradient. */
export function unsqueeze(x: Value, axis: number): Value {
  return emit('Unsqueeze', [x, int64s([axis])], [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)])
}

/** x [N, in] times weight [out, in] transposed, plus bias [out]: a layer as Hugging Face stores it. */
export function linear(x: Value, weight: Value, bias?: Value): Value {
  const shape: Shape = [x.shape[0] as Dim, weight.shape[0] as Dim]
  const inputs = bias === undefined ? [x, weight] : [x, weight, bias]
  return emit('Gemm', inputs, shape, {
    attributes: { transB: 1 },
    gradient: ([g]) => [g && matmul(g, weight), g && product(g, x), g && bias && columnSum(g)],
  })
}

/** a [N, K] times b [K, M]. No gradient: it serves gradients. */
export function matmul(a: Value, b: Value): Value {
  return emit('MatMul', [a, b], [...a.shape.slice(0, -1), b.shape.at(-1) as Dim])
}

/** a^T b for a [N, P], b [N, Q]; added to `sum` [P, Q] where there is one. No gradient: it serves gradients. */
export function product(a: Value, b: Value, sum?: Value): Value {
  const shape: Shape = [a.shape[1] as Dim, b.shape[1] as Dim]
  return emit('Gemm', sum === undefined ? [a, b] : [a, b, sum], shape, { attributes: { transA: 1 } })
}

/** Products of the last two dimensions of a [.., M, K] and b [.., K, N], or [.., N, K] when `transposeB`; times `scale`. */
export function batchMatmul(a: Value, b: Value, { transposeB = false, scale = 1 }: { transposeB?: boolean; scale?: number } = {}): Value {
  return emit('FusedMatMul', [a, b], [...a.shape.slice(0, -1), b.shape.at(transposeB ? -2 : -1) as Dim], {
    domain: CONTRIB,
    attributes: { transA: 0, transB: transposeB ? 1 : 0, alpha: { float: scale } },
    gradient: ([g]) => [
      g && batchMatmul(g, b, { transposeB: !transposeB, scale }),
      g && (transposeB ? matmulTransposed(g, a, scale) : matmulTransposed(a, g, scale)),
    ],
  })
}

/** a [.., K, M] transposed times b [.., K, N], scaled. No gradient: it serves gradients. */
export function matmulTransposed(a: Value, b: Value, scale: number): Value {
  return emit('FusedMatMul', [a, b], [...a.shape.slice(0, -2), a.shape.at(-1) as Dim, b.shape.at(-1) as Dim], {
    domain: CONTRIB,
    attributes: { transA: 1, transB: 0, alpha: { float: scale } },
  })
}

/** Over the last dimension. */
export function softmax(x: Value): Value {
  const y: Value = emit('Softmax', [x], x.shape, {
    attributes: { axis: -1 },
    gradient: ([g]) => [g && multiply(y, subtract(g, sumLast(multiply(g, y))))],
  })
  return y
}

/** Over the last dimension, natural log. It has no gradient: the loss head has its own. */
export function logSoftmax(x: Value): Value {
  return emit('LogSoftmax', [x], x.shape, { attributes: { axis: -1 } })
}

/**
 * x / sqrt(mean(x^2) + epsilon) * weight over the last dimension, x [N, D], weight [D]. With r = 1 / sqrt(..), which the kernel gives beside y,
 * and s = sum(g * x * weight) over D: the gradients are r * (g * weight - x * r^2 * s / D) and the sum over N of r * g * x.
 */
export function rmsNorm(x: Value, weight: Value, epsilon: number): Value {
  const width = Number(x.shape.at(-1))
  const results = [x.shape, lastIsOne(x.shape)].map((shape) => ({ type: 'float32' as const, shape }))
  const [y, inverse] = emitMany('SimplifiedLayerNormalization', [x, weight], results, {
    attributes: { axis: -1, epsilon: { float: epsilon } },
    gradient: ([g]) => {
      if (g === undefined) return []
      const along = multiply(g, x)
      const sum = matmul(along, reshape(weight, [width, 1]))
      const pull = multiply(multiply(multiply(inverse as Value, inverse as Value), scalar(1 / width)), sum)
      const gradient = multiply(inverse as Value, subtract(multiply(g, weight), multiply(x, pull)))
      return [gradient, reshape(product(inverse as Value, along), weight.shape)]
    },
  }) as [Value, Value]
  return y
}

/** gate * sigmoid(gate) * up, elementwise. */
export function swiglu(gate: Value, up: Value): Value {
  const silu = emit('QuickGelu', [gate], gate.shape, { domain: CONTRIB, attributes: { alpha: { float: 1 } } })
  return fused(multiply(silu, up), [gate, up], ([g]) => {
    if (g === undefined) return []
    const sigmoid = emit('Sigmoid', [gate], gate.shape)
    const slope = add(sigmoid, subtract(silu, multiply(silu, sigmoid)))
    return [multiply(multiply(g, up), slope), multiply(g, silu)]
  })
}

/** The tables of a rotary embedding, [positions, size / 2] each; `back` is minus `sin`: a rotation's gradient rotates back. */
export interface RotaryTables {
  readonly cos: Value
  readonly sin: Value
  readonly back: Value
}

/** Rotary embedding of x [N, 1, heads * size] at positions [N, 1] int64, halves rotated. */
export function rotary(x: Value, positions: Value, heads: number, { cos, sin, back }: RotaryTables): Value {
  return emit('RotaryEmbedding', [x, positions, cos, sin], x.shape, {
    domain: CONTRIB,
    attributes: { num_heads: heads, interleaved: 0 },
    gradient: ([g]) => [g && rotary(g, positions, heads, { cos, sin: back, back: sin })],
  })
}

/** Rows of x [N, ..] at indices [..] int32: [.., ..]. `scatter` makes the gradient, since only the caller knows who points where. */
export function gatherRows(x: Value, indices: Value, scatter?: (g: Value) => Value): Value {
  return emit('Gather', [x, indices], [...indices.shape, ...x.shape.slice(1)], {
    attributes: { axis: 0 },
    gradient: ([g]) => [g && scatter && scatter(g)],
  })
}

/** The sum over the last dimension, kept as size 1. */
export function sumLast(x: Value): Value {
  return emit('ReduceSum', [x, int64s([-1])], lastIsOne(x.shape), { attributes: { keepdims: 1 } })
}

/** The sum over rows of x [N, W], as a product with ones. */
function columnSum(x: Value): Value {
  const count = emitMany('Shape', [x], [{ type: 'int64', shape: [1] }], { attributes: { start: 0, end: 1 } })[0] as Value
  const ones = reshape(emit('Expand', [scalar(1), count], ['count']), ['rows', 1])
  return reshape(product(ones, x), [x.shape[1] as Dim])
}

function lastIsOne(shape: Shape): Shape {
  return [...shape.slice(0, -1), 1]
}

/** The gradient of an operand that was broadcast: summed over the dimensions it was stretched along. */
function reduced(g: Value | undefined, operand: Value): Value | undefined {
  if (g === undefined) return undefined
  const { shape } = operand
  const lead = g.shape.length - shape.length
  const axes = g.shape.flatMap((dim, axis) => (axis < lead || (shape[axis - lead] === 1 && dim !== 1) ? [axis] : []))
  if (axes.length === 0) return g
  const summed = emit('ReduceSum', [g, int64s(axes)], shape, { attributes: { keepdims: 0 } })
  return shape.includes(1) ? reshape(summed, shape) : summed
}

function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, index) => {
    const left = a[a.length - rank + index] ?? 1
    const right = b[b.length - rank + index] ?? 1
    if (left === 1 || left === right) return right
    if (right === 1) return left
    throw new Error(`internal: shapes [${a}] and [${b}] do not fit`)
  })
}
