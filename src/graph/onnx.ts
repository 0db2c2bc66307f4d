/**
 * Encodes a graph as an ONNX model: the few protobuf messages of onnx.proto3 that it needs, written by hand.
 * It reads nothing, and it does not check shapes: ops.ts does.
 */
import {
  type Attribute,
  type Body,
  type ConstantData,
  type ElementType,
  type Node,
  type Value,
  neededValues,
  sortedNodes,
} from './value.ts'

const IR_VERSION = 10
const OPSET = 21
const ELEMENT: Readonly<Record<ElementType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 }
const FLOAT_ATTRIBUTE = 1
const INT_ATTRIBUTE = 2
const GRAPH_ATTRIBUTE = 5
const INTS_ATTRIBUTE = 7

/** The bytes of a model with these named outputs. Its inputs are the `input` values that the outputs need. */
export function encodeModel(outputs: Readonly<Record<string, Value>>): Uint8Array {
  const opset = (domain: string, version: number): Uint8Array => message(8, [text(1, domain), integer(2, version)])
  const graph = encodeGraph(outputs, new Map())
  return join([integer(1, IR_VERSION), bytes(7, graph), opset('', OPSET), opset('com.microsoft', 1)])
}

function encodeGraph(outputs: Readonly<Record<string, Value>>, names: Map<Value, string>): Uint8Array {
  const nodes = sortedNodes(Object.values(outputs))
  const used = new Set([...nodes.flatMap(neededValues), ...Object.values(outputs)])
  const leaves = [...used].filter((value) => value.origin.kind !== 'node')
  for (const value of leaves) nameLeaf(value, names)
  const aliases = nameNodes(nodes, outputs, names, 'v')
  return join([
    ...nodes.map((node) => bytes(1, encodeNode(node, names))),
    ...aliases,
    text(2, 'graph'),
    ...leaves.flatMap((value) => initializer(value, names)),
    ...leaves.filter(({ origin }) => origin.kind === 'input').map((value) => bytes(11, valueInfo(nameOf(value, names), value))),
    ...Object.entries(outputs).map(([name, value]) => bytes(12, valueInfo(name, value))),
  ])
}

/** Names what the nodes make. A result that is no node's own, or has a name already, gets an Identity node: those are returned. */
function nameNodes(
  nodes: readonly Node[],
  outputs: Readonly<Record<string, Value>>,
  names: Map<Value, string>,
  prefix: string,
): Uint8Array[] {
  const aliases: Uint8Array[] = []
  for (const [name, value] of Object.entries(outputs)) {
    if (value.origin.kind === 'node' && !names.has(value)) names.set(value, name)
    else aliases.push(bytes(1, identity(nameOf(value, names), name)))
  }
  for (const node of nodes) for (const value of node.outputs) if (!names.has(value)) names.set(value, `${prefix}${names.size}`)
  return aliases
}

function nameLeaf(value: Value, names: Map<Value, string>): void {
  const { origin } = value
  if (origin.kind === 'input' || origin.kind === 'external') names.set(value, origin.name)
  if (origin.kind === 'constant' && !names.has(value)) names.set(value, `c${names.size}`) // a body may share an outer constant
  if (origin.kind === 'captured') names.set(value, nameOf(origin.outer, names))
}

function nameOf(value: Value, names: ReadonlyMap<Value, string>): string {
  const name = names.get(value)
  if (name === undefined) throw new Error('internal: a graph uses a value that is not in it')
  return name
}

function encodeNode(node: Node, names: Map<Value, string>): Uint8Array {
  return join([
    ...node.inputs.map((value) => text(1, nameOf(value, names))),
    ...node.outputs.map((value) => text(2, nameOf(value, names))),
    text(4, node.op),
    ...Object.entries(node.attributes).map(([name, attribute]) => bytes(5, encodeAttribute(name, attribute, names))),
    ...(node.domain === '' ? [] : [text(7, node.domain)]),
  ])
}

function encodeAttribute(name: string, attribute: Attribute, names: Map<Value, string>): Uint8Array {
  const typed = (type: number, ...fields: Uint8Array[]): Uint8Array => join([text(1, name), ...fields, integer(20, type)])
  if (typeof attribute === 'number') return typed(INT_ATTRIBUTE, integer(3, attribute))
  if ('float' in attribute) return typed(FLOAT_ATTRIBUTE, float(2, attribute.float))
  if ('graph' in attribute) return typed(GRAPH_ATTRIBUTE, bytes(6, encodeBody(attribute.graph, names)))
  return typed(INTS_ATTRIBUTE, ...attribute.map((value) => integer(8, value)))
}

/** A body sees the names of the graph around it; ONNX wants its formal inputs in order, used or not. */
function encodeBody(body: Body, outer: ReadonlyMap<Value, string>): Uint8Array {
  const names = new Map(outer)
  const outputs = Object.fromEntries(body.outputs.map((value, index) => [`out${index}_${names.size}`, value]))
  const nodes = sortedNodes(body.outputs)
  const used = new Set([...nodes.flatMap(neededValues), ...body.outputs])
  const leaves = [...used].filter(({ origin }) => origin.kind !== 'node')
  for (const value of [...body.inputs, ...leaves]) nameLeaf(value, names)
  const aliases = nameNodes(nodes, outputs, names, 'b')
  return join([
    ...nodes.map((node) => bytes(1, encodeNode(node, names))),
    ...aliases,
    text(2, 'body'),
    ...leaves.flatMap((value) => initializer(value, names)),
    ...body.inputs.map((value) => bytes(11, valueInfo(nameOf(value, names), value))),
    ...Object.entries(outputs).map(([name, value]) => bytes(12, valueInfo(name, value))),
  ])
}

function identity(from: string, to: string): Uint8Array {
  return join([text(1, from), text(2, to), text(4, 'Identity')])
}

function valueInfo(name: string, value: Value): Uint8Array {
  const dims = value.shape.map((dim) => message(1, [typeof dim === 'number' ? integer(1, dim) : text(2, dim)]))
  return join([text(1, name), message(2, [message(1, [integer(1, ELEMENT[value.type]), message(2, dims)])])])
}

function initializer(value: Value, names: ReadonlyMap<Value, string>): Uint8Array[] {
  const { origin } = value
  if (origin.kind !== 'constant' && origin.kind !== 'external') return []
  const head = [...value.shape.map((size) => integer(1, Number(size))), integer(2, ELEMENT[value.type]), text(8, nameOf(value, names))]
  return [bytes(5, join([...head, ...(origin.kind === 'constant' ? [rawData(origin.data)] : externalData(origin.name, origin.bytes))]))]
}

function rawData(data: ConstantData): Uint8Array {
  return bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
}

function externalData(name: string, size: number): Uint8Array[] {
  const entry = (key: string, value: string): Uint8Array => message(13, [text(1, key), text(2, value)])
  return [entry('location', name), entry('offset', '0'), entry('length', String(size)), integer(14, 1)]
}

function message(field: number, parts: readonly Uint8Array[]): Uint8Array {
  return bytes(field, join(parts))
}

function text(field: number, value: string): Uint8Array {
  return bytes(field, new TextEncoder().encode(value))
}

function bytes(field: number, value: Uint8Array): Uint8Array {
  return join([varint((field << 3) | 2), varint(value.length), value])
}

function integer(field: number, value: number): Uint8Array {
  return join([varint(field << 3), varint(value)])
}

function float(field: number, value: number): Uint8Array {
  return join([varint((field << 3) | 5), new Uint8Array(new Float32Array([value]).buffer)])
}

/** Seven bits a byte, lowest first; a negative number is its 64-bit two's complement. */
function varint(value: number): Uint8Array {
  const out: number[] = []
  let rest = value < 0 ? BigInt(value) + (1n << 64n) : BigInt(value)
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128)
  return Uint8Array.from([...out, Number(rest)])
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}
