/**
 * The tensor graph: values joined by nodes, built by calling the functions of ops.ts. A graph is nothing but the values one
 * holds: there is no builder and no registry. It is encoded by onnx.ts, differentiated by gradient.ts and run elsewhere.
 */

/** A size known when the graph is built, or the name of one known when it runs. */
export type Dim = number | string
export type Shape = readonly Dim[]
export type ElementType = 'float32' | 'int32' | 'int64' | 'bool'
export type ConstantData = Float32Array | Int32Array | BigInt64Array | Uint8Array // bytes are booleans

/** Where a value comes from. */
export type Origin =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'external'; readonly name: string; readonly bytes: number } // an initializer kept outside the model's bytes
  | { readonly kind: 'constant'; readonly data: ConstantData }
  | { readonly kind: 'captured'; readonly outer: Value } // inside a loop's body: a value of the graph around it
  | { readonly kind: 'node'; readonly node: Node; readonly output: number }

export interface Value {
  readonly type: ElementType
  readonly shape: Shape
  readonly origin: Origin
}

export type Attribute = number | { readonly float: number } | readonly number[] | { readonly graph: Body }

/** A loop's body: formal inputs by name, and outputs. */
export interface Body {
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
}

/** From the gradients of a node's outputs (undefined: none reaches it) to those of its inputs, as far as they come through it. */
export type GradientRule = (outputs: readonly (Value | undefined)[]) => readonly (Value | undefined)[]

export interface Node {
  readonly op: string
  readonly domain: '' | 'com.microsoft'
  readonly inputs: readonly Value[]
  readonly attributes: Readonly<Record<string, Attribute>>
  readonly outputs: readonly Value[]
  readonly through: readonly Value[] // what the gradient rule speaks of: the inputs, or for a fused step what went into its first node
  readonly gradient: GradientRule | undefined
}

export interface NodeOptions {
  readonly domain?: 'com.microsoft'
  readonly attributes?: Readonly<Record<string, Attribute>>
  readonly through?: readonly Value[]
  readonly gradient?: GradientRule
}

/** A value given at run time. */
export function input(name: string, shape: Shape, type: ElementType = 'float32'): Value {
  return { type, shape, origin: { kind: 'input', name } }
}

/** Weights handed to the session beside the model's bytes; kernels may repack them once. Float32 only. */
export function external(name: string, shape: readonly number[]): Value {
  return { type: 'float32', shape, origin: { kind: 'external', name, bytes: 4 * elements(shape) } }
}

/** A value written into the model. Keep it small. */
export function constant(data: ConstantData, shape: readonly number[] = [data.length]): Value {
  return { type: elementType(data), shape, origin: { kind: 'constant', data } }
}

export function scalar(value: number): Value {
  return constant(new Float32Array([value]), [])
}

export function int64s(values: readonly number[], shape: readonly number[] = [values.length]): Value {
  return constant(BigInt64Array.from(values, BigInt), shape)
}

/** A node with one float32 output. */
export function emit(op: string, inputs: readonly Value[], shape: Shape, options: NodeOptions = {}): Value {
  return emitMany(op, inputs, [{ type: 'float32', shape }], options)[0] as Value
}

/** A node with outputs of the given types and shapes. */
export function emitMany(
  op: string,
  inputs: readonly Value[],
  results: readonly { readonly type: ElementType; readonly shape: Shape }[],
  options: NodeOptions = {},
): Value[] {
  const outputs: Value[] = []
  const node: Node = {
    op,
    domain: options.domain ?? '',
    inputs,
    attributes: options.attributes ?? {},
    outputs,
    through: options.through ?? inputs,
    gradient: options.gradient,
  }
  results.forEach(({ type, shape }, output) => outputs.push({ type, shape, origin: { kind: 'node', node, output } }))
  return outputs
}

/** `output`, with one gradient rule from it to `through`, whatever nodes lie between. */
export function fused(output: Value, through: readonly Value[], gradient: GradientRule): Value {
  return emitMany('Identity', [output], [output], { through, gradient })[0] as Value
}

/** The nodes behind some values, each after the nodes it needs. */
export function sortedNodes(values: readonly Value[]): Node[] {
  const sorted: Node[] = []
  const state = new Map<Node, 'open' | 'done'>()
  const stack: Node[] = values.flatMap(nodeOf).toReversed()
  while (stack.length > 0) {
    const node = stack[stack.length - 1] as Node
    if (!state.has(node)) {
      state.set(node, 'open')
      const needed = neededValues(node)
        .flatMap(nodeOf)
        .filter((before) => !state.has(before))
      stack.push(...needed.toReversed())
      continue
    }
    stack.pop()
    if (state.get(node) === 'open') sorted.push(node)
    state.set(node, 'done')
  }
  return sorted
}

/** The node's inputs, and what its bodies capture from outside. */
export function neededValues(node: Node): Value[] {
  const captured = Object.values(node.attributes).flatMap((attribute) =>
    typeof attribute === 'object' && 'graph' in attribute ? capturedValues(attribute.graph) : [],
  )
  return [...node.inputs, ...captured]
}

function elementType(data: ConstantData): ElementType {
  if (data instanceof Float32Array) return 'float32'
  if (data instanceof Int32Array) return 'int32'
  return data instanceof Uint8Array ? 'bool' : 'int64'
}

export function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

function nodeOf(value: Value): Node[] {
  return value.origin.kind === 'node' ? [value.origin.node] : []
}

function capturedValues(body: Body): Value[] {
  const uses = [...body.outputs, ...sortedNodes(body.outputs).flatMap(neededValues)]
  return uses.flatMap((value) => (value.origin.kind === 'captured' ? [value.origin.outer] : []))
}
