/** Reverse-mode differentiation: the gradient is more graph, made by the rules that ops.ts gives each node. */
import { type Value, emit, sortedNodes } from './value.ts'

/** A value and the gradient that reaches it from outside. */
export interface Cotangent {
  readonly value: Value
  readonly gradient: Value
}

/**
 * The gradients of sum(value * gradient) over the `cotangents`, with respect to each of `wrt`, in order; undefined where nothing
 * reaches a value.
 */
export function gradients(cotangents: readonly Cotangent[], wrt: readonly Value[]): (Value | undefined)[] {
  const nodes = sortedNodes(cotangents.map(({ value }) => value))
  const live = new Set(wrt) // values on a path from wrt
  for (const node of nodes) if (node.through.some((value) => live.has(value))) for (const value of node.outputs) live.add(value)
  const total = new Map<Value, Value>()
  const include = (value: Value, given: Value): void => {
    const sum = total.get(value)
    total.set(value, sum === undefined ? given : emit('Add', [sum, given], sum.shape))
  }
  for (const { value, gradient } of cotangents) include(value, gradient)
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((value) => live.has(value) && total.has(value))) continue
    if (node.gradient === undefined) throw new Error(`internal: ${node.op} has no gradient rule`)
    const found = node.gradient(node.outputs.map((value) => total.get(value)))
    node.through.forEach((value, index) => {
      const given = found[index]
      if (given !== undefined && live.has(value)) include(value, given)
    })
  }
  return wrt.map((value) => total.get(value))
}
