/** An attempt read as sentences, each judged against the world. Any text can be read. */
import { compute, type Definition, definitionText, numberOf, valuesOf, type World } from './world.ts'
import { type Operator, operators } from './words.ts'

export interface Sentence {
  readonly end: number // characters of the attempt up to and including its full stop
  readonly name: string | undefined // the quantity it computes
  readonly error: string | undefined // what is wrong with it, as a sentence of the world; undefined when it is right or no step
  readonly about: 'step' | 'answer' | 'other'
}

/** The sentences of an attempt. Steps are judged with the true values, so a step that goes on from a false one is false too. */
export function readSteps(world: World, attempt: string): Sentence[] {
  const sentences: Sentence[] = []
  for (const match of attempt.matchAll(/[^.]*(\.|$)/g)) {
    const text = match[0].replace(/\.$/, '').trim()
    if (text !== '') sentences.push({ end: match.index + match[0].length, ...judged(world, text) })
  }
  return sentences
}

/** The first sentence that is wrong and is not put right before it is used or the attempt ends. */
export function firstError(sentences: readonly Sentence[]): Sentence | undefined {
  return sentences.find(({ name, error }, index) => {
    if (error === undefined) return false
    const after = sentences.slice(index + 1)
    const next = after.findIndex((sentence) => sentence.name === name && sentence.about !== 'other')
    return (
      name === undefined ||
      next < 0 ||
      after.slice(0, next + 1).some((sentence) => sentence.about !== 'other' && sentence.error !== undefined)
    )
  })
}

function judged(world: World, text: string): Omit<Sentence, 'end'> {
  const words = text.split(/\s+/)
  if (words[0] === 'wait') return { name: undefined, error: undefined, about: 'other' }
  if (words[0] === 'answer') return { name: 'answer', error: answerError(world, words), about: 'answer' }
  return { name: words[0], error: stepError(world, words), about: 'step' }
}

function answerError(world: World, words: readonly string[]): string | undefined {
  const right = valuesOf(world).get(world.asked)
  return words.length === 2 && Number(words[1]) === right ? undefined : `answer is not ${words[1] ?? '?'}`
}

/** Words of `name is definition is numbers is result`, or of `name is number`. */
function stepError(world: World, words: readonly string[]): string | undefined {
  const definition = world.definitions.find(({ name }) => name === words[0])
  const [copied, put, result, ...more] = words
    .slice(1)
    .join(' ')
    .split(/\bis\b/)
    .slice(1)
    .map((part) => part.trim())
  if (definition === undefined || copied === undefined || more.length > 0) return `${words[0]} is not ${words.at(-1)}`
  if (`${definition.name} is ${copied}` !== definitionText(definition)) return `${definition.name} is not ${copied}`
  if (definition.kind === 'number') return put === undefined ? undefined : `${definition.name} is not ${put}`
  return numbersError(world, definition, put ?? '') ?? resultError(put ?? '', result ?? '')
}

/** A wrong reference: a quantity's place taken by another number than its value. */
function numbersError(world: World, definition: Extract<Definition, { kind: 'operation' }>, put: string): string | undefined {
  const values = valuesOf(world)
  const [left, operator, right, ...more] = put.split(' ')
  const wrong = [
    [definition.left, left],
    [definition.right, right],
  ].find(([operand, given]) => Number(given) !== numberOf(operand as string | number, values))
  if (wrong !== undefined) return `${wrong[0]} is not ${wrong[1] ?? put}`
  return operator === definition.operator && more.length === 0 ? undefined : `${definition.name} is not ${put}`
}

/** A wrong calculation. */
function resultError(put: string, result: string): string | undefined {
  const [left, operator, right] = put.split(' ')
  const known = operators.includes(operator as Operator)
  return known && compute(Number(left), operator as Operator, Number(right)) === Number(result) ? undefined : `${put} is not ${result}`
}
