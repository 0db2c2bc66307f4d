/**
 * Attention with its gradient rule, in two forms that give the same bytes: whole, which keeps every weight for the gradient, and in
 * blocks of queries, which keeps none and computes them again. A block sees the keys up to its own end alone, so long rows also
 * cost little more than half the products.
 */
import { loop } from './loop.ts'
import { add, batchMatmul, matmulTransposed, multiply, reshape, softmax, subtract, sumLast, transpose } from './ops.ts'
import { type Shape, type Value, emit, emitMany, fused, int64s, scalar } from './value.ts'

export interface AttentionOptions {
  readonly mask: Value // 0 or very negative
  readonly scale: number
}

/**
 * softmax(scale * q k^T + mask) v for q [R, K, J, A, S], k and v [R, K, 1, B, S] (J query heads share one), mask [R, 1, 1, A, B].
 * Its rule takes the softmax's inner sum from the output, sum(g * y) over S instead of sum(gP * P) over B, which are equal. Each
 * query head's product ends at its own A, so that a wider tile adds only zeros behind and cannot change how sums are grouped.
 */
export function attention(q: Value, k: Value, v: Value, { mask, scale }: AttentionOptions): Value {
  const weights = softmax(add(batchMatmul(q, k, { transposeB: true, scale }), mask))
  const y = batchMatmul(weights, v)
  return fused(y, [q, k, v], ([g]) => {
    if (g === undefined) return []
    const { queries, keys, values } = blockGradient({ q, k, v, y, weights, scale }, g)
    return [queries, headSum(keys, k.shape), headSum(values, v.shape)]
  })
}

/**
 * The same for q [blocks, R, K, J, A, S] and mask [blocks, R, 1, 1, A, B], where block i sees the first `seen[i]` keys alone (int64
 * [blocks]). The bytes are those of `attention` when A is a multiple of 128, the block in which a kernel sums over queries.
 */
export function blockAttention(q: Value, k: Value, v: Value, { mask, scale, seen }: AttentionOptions & { readonly seen: Value }): Value {
  const blocks = emitMany('Size', [seen], [{ type: 'int64', shape: [] }])[0] as Value
  const block = (index: Value, [queries, keys, values, masks, ends]: readonly Value[]): Block => {
    const end = at(ends as Value, index, [1])
    const own = { q: at(queries as Value, index), k: cut(keys as Value, end, 3), v: cut(values as Value, end, 3) }
    const allowed = cut(at(masks as Value, index), end, 4)
    const weights = softmax(add(batchMatmul(own.q, own.k, { transposeB: true, scale }), allowed))
    return { ...own, weights, end, scale }
  }
  const inputs = [q, k, v, mask, seen]
  const forward = loop({
    rounds: blocks,
    carried: [],
    captured: inputs,
    round: (index, _, captured) => {
      const { weights, v: values } = block(index, captured)
      return { carried: [], stacked: [batchMatmul(weights, values)] }
    },
  })
  const y = reshape(forward.stacked[0] as Value, q.shape)
  return fused(y, [q, k, v], ([g]) => {
    if (g === undefined) return []
    const zeros = zerosOf(q, k)
    const { carried, stacked } = loop({
      rounds: blocks,
      carried: [zeros, zeros],
      captured: [...inputs, y, g],
      round: (index, sums, captured) => {
        const parts = block(index, captured)
        const [outputs, gradient] = captured.slice(inputs.length).map((value) => at(value, index)) as [Value, Value]
        const found = blockGradient({ ...parts, y: outputs }, gradient)
        const grown = [found.keys, found.values].map((value, i) => add(sums[i] as Value, padded(value, sums[i] as Value, parts.end)))
        return { carried: grown, stacked: [found.queries] }
      },
    })
    const [keys, values] = carried as [Value, Value]
    return [reshape(stacked[0] as Value, q.shape), headSum(keys, k.shape), headSum(values, v.shape)]
  })
}

interface Block {
  readonly q: Value
  readonly k: Value
  readonly v: Value
  readonly weights: Value
  readonly end: Value
  readonly scale: number
}

/** From the gradient of a block's output: of its queries, and of the keys and values for each query head. */
function blockGradient(
  { q, k, v, y, weights, scale }: Omit<Block, 'end'> & { readonly y: Value },
  g: Value,
): { queries: Value; keys: Value; values: Value } {
  const scores = multiply(weights, subtract(batchMatmul(g, v, { transposeB: true }), sumLast(multiply(g, y))))
  return { queries: batchMatmul(scores, k, { scale }), keys: transposedTimes(scores, q, scale), values: transposedTimes(weights, g, 1) }
}

/** a^T b for a [R, K, J, A, B], b [R, K, J, A, S]: as (b^T a)^T, since a kernel turns the narrow b around in half the time. */
function transposedTimes(a: Value, b: Value, scale: number): Value {
  return transpose(matmulTransposed(b, a, scale), [0, 1, 2, 4, 3])
}

/** Over the query heads that share a key head: [R, K, J, B, S] to `shape` [R, K, 1, B, S]. */
function headSum(x: Value, shape: Shape): Value {
  return x.shape[2] === 1 ? x : emit('ReduceSum', [x, int64s([2])], shape, { attributes: { keepdims: 1 } })
}

/** Element `index` (int64 scalar) of the first dimension, of the given shape where it is to keep one. */
function at(x: Value, index: Value, shape: Shape = x.shape.slice(1)): Value {
  const place =
    shape.length === x.shape.length ? (emitMany('Unsqueeze', [index, int64s([0])], [{ type: 'int64', shape: [1] }])[0] as Value) : index
  return emitMany('Gather', [x, place], [{ type: x.type, shape }], { attributes: { axis: 0 } })[0] as Value
}

/** The first `end` (int64 [1]) of a dimension. */
function cut(x: Value, end: Value, axis: number): Value {
  const shape = x.shape.map((dim, i) => (i === axis ? 'seen' : dim))
  return emit('Slice', [x, int64s([0]), end, int64s([axis])], shape)
}

/** x [R, K, J, seen, S] with zeros behind, as long as `like` [R, K, J, B, S]. */
function padded(x: Value, like: Value, end: Value): Value {
  const vector = (op: string, inputs: Value[], length: number, attributes = {}): Value =>
    emitMany(op, inputs, [{ type: 'int64', shape: [length] }], { attributes })[0] as Value
  const behind = vector('Sub', [vector('Shape', [like], 1, { start: 3, end: 4 }), end], 1)
  return emit('Pad', [x, vector('Concat', [int64s([0, 0, 0, 0, 0, 0, 0, 0]), behind, int64s([0])], 10, { axis: 0 })], like.shape)
}

/** Zeros [R, K, J, B, S] for q [blocks, R, K, J, A, S] and k [R, K, 1, B, S]. */
function zerosOf(q: Value, k: Value): Value {
  const sizes = (x: Value, start: number, end: number): Value =>
    emitMany('Shape', [x], [{ type: 'int64', shape: [end - start] }], { attributes: { start, end } })[0] as Value
  const shape = emitMany('Concat', [sizes(q, 1, 4), sizes(k, 3, 5)], [{ type: 'int64', shape: [5] }], { attributes: { axis: 0 } })[0]
  return emit('Expand', [scalar(0), shape as Value], [...q.shape.slice(1, 4), ...k.shape.slice(3)])
}
