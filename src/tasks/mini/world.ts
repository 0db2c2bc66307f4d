/**
 * One mini-world: named quantities, each a number or made from two earlier ones, and a question for one of them.
 *
 *     rings is 2 . gems is rings plus 5 . jars is gems minus rings . jars ?
 *
 * Its solution puts every number that is looked up beside the name it belongs to:
 *
 *     rings 2 . gems is rings 2 plus 5 , gems 7 . jars is gems 7 minus rings 2 , jars 5 . answer 5 .
 *
 * Numbers are 1 to largestNumber, results too, and nothing is subtracted from itself. Pure text and arithmetic: making worlds is
 * generate.ts.
 */
import { largestNumber, type Operator } from './words.ts'

/** A quantity's name or a number. */
export type Operand = string | number

export type Definition =
  | { readonly kind: 'number'; readonly name: string; readonly value: number }
  | { readonly kind: 'operation'; readonly name: string; readonly left: Operand; readonly operator: Operator; readonly right: Operand }

export type Operation = Extract<Definition, { kind: 'operation' }>

export interface World {
  readonly definitions: readonly Definition[] // each uses only names before it
  readonly asked: string // the last name
}

/** The result, or undefined where the world does not allow it. */
export function compute(left: number, operator: Operator, right: number): number | undefined {
  const result = { plus: left + right, minus: left - right, times: left * right }[operator]
  return result >= 1 && result <= largestNumber ? result : undefined
}

/** The true value of every quantity. */
export function valuesOf({ definitions }: World): ReadonlyMap<string, number> {
  const values = new Map<string, number>()
  for (const definition of definitions) values.set(definition.name, resultOf(definition, values))
  return values
}

/** What a definition makes of given values. A result outside the world is 0: no step of an attempt can be equal to it. */
export function resultOf(definition: Definition, values: ReadonlyMap<string, number>): number {
  if (definition.kind === 'number') return definition.value
  return compute(numberOf(definition.left, values), definition.operator, numberOf(definition.right, values)) ?? 0
}

export function numberOf(operand: Operand, values: ReadonlyMap<string, number>): number {
  return typeof operand === 'number' ? operand : (values.get(operand) ?? 0)
}

export function definitionText(definition: Definition): string {
  if (definition.kind === 'number') return `${definition.name} is ${definition.value}`
  return `${definition.name} is ${definition.left} ${definition.operator} ${definition.right}`
}

export function question({ definitions, asked }: World): string {
  return `${definitions.map((definition) => `${definitionText(definition)} .`).join(' ')} ${asked} ?`
}

/** A name and its number side by side, as every step ends: a look-up is to find an earlier pair and copy what follows the name. */
export function pairText(name: string, value: number): string {
  return `${name} ${value}`
}

/** A step that computes: the definition with each name's number put beside it, then the quantity's own pair. */
export function operationText(operation: Operation, [left, right]: readonly [number, number], result: number): string {
  const { name, operator } = operation
  return `${name} is ${putIn(operation.left, left)} ${operator} ${putIn(operation.right, right)} , ${pairText(name, result)} .`
}

function putIn(operand: Operand, value: number): string {
  return typeof operand === 'number' ? String(operand) : pairText(operand, value)
}

/** One step of a solution. */
function stepText(definition: Definition, values: ReadonlyMap<string, number>): string {
  const result = resultOf(definition, values)
  if (definition.kind === 'number') return `${pairText(definition.name, result)} .`
  return operationText(definition, [numberOf(definition.left, values), numberOf(definition.right, values)], result)
}

/** The solution from definition `from` on: a step for each, then the answer. */
export function solution(world: World, from: number = 0): string {
  const values = valuesOf(world)
  const steps = world.definitions.slice(from).map((definition) => stepText(definition, values))
  return [...steps, answerText(values.get(world.asked) as number)].join(' ')
}

export function answerText(value: number): string {
  return `answer ${value} .`
}

/** The world that `question` wrote. Throws nothing: a text that is none gives undefined. */
export function parseQuestion(text: string): World | undefined {
  const sentences = text.split(' . ')
  const asked = /^(\S+) \?$/.exec(sentences.pop() ?? '')?.[1]
  const definitions = sentences.map(parseDefinition)
  if (asked === undefined || definitions.some((definition) => definition === undefined)) return undefined
  return { definitions: definitions as Definition[], asked }
}

function parseDefinition(text: string): Definition | undefined {
  const [name, is, first, operator, second, ...more] = text.split(' ')
  if (name === undefined || is !== 'is' || first === undefined || more.length > 0) return undefined
  if (operator === undefined) return { kind: 'number', name, value: Number(first) }
  return { kind: 'operation', name, left: operandOf(first), operator: operator as Operator, right: operandOf(second ?? '') }
}

function operandOf(word: string): Operand {
  return /^\d+$/.test(word) ? Number(word) : word
}
