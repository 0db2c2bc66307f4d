/** Reverse-mode differentiation: the gradient is more graph, made by the rules that ops.ts gives each node. */
import { share } from './share.ts'
import { type Share, type Value, sortedNodes } from './value.ts'

/** A value and the gradient that reaches it from outside. */
export interface Cotangent {
  readonly value: Value
  readonly gradient: Value
}

/**
 * The gradients of sum(value * gradient) over the `cotangents`, with respect to each of `wrt`, in order. `sums` holds
 * gradients to go on from, e.g. those of an earlier micro-batch: they enter first. A value that nothing reaches keeps its sum.
 */
export function gradients(
  cotangents: readonly Cotangent[],
  wrt: readonly Value[],
  sums: ReadonlyMap<Value, Value> = new Map(),
): (Value | undefined)[] {
  const nodes = sortedNodes(cotangents.map(({ value }) => value))
  const live = new Set(wrt) // values on a path from wrt
  for (const node of nodes) if (node.through.some((value) => live.has(value))) for (const value of node.outputs) live.add(value)
  const total = new Map(sums)
  const include = (value: Value, given: Share): void => void total.set(value, given(total.get(value)))
  for (const { value, gradient } of cotangents) include(value, share(gradient))
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((value) => live.has(value) && total.has(value))) continue
    if (node.gradient === undefined) throw new Error(`internal: ${node.op} has no gradient rule`)
    const shares = node.gradient(node.outputs.map((value) => total.get(value)))
    node.through.forEach((value, index) => {
      const given = shares[index]
      if (given !== undefined && live.has(value)) include(value, given)
    })
  }
  return wrt.map((value) => total.get(value))
}
