/** An attempt read as sentences, each judged against the world. Any text can be read. */
import { definitionText, type Operation, valuesOf, type World } from './world.ts'
import { operators } from './words.ts'

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

/**
 * Words of `name number`, or of `name is definition , name number` where the definition's names have their numbers beside them. A
 * true pair alone is right for every quantity: what is said to be wrong must be so.
 */
function stepError(world: World, words: readonly string[]): string | undefined {
  const definition = world.definitions.find(({ name }) => name === words[0])
  if (definition === undefined) return `${words[0]} is not ${words.slice(1).at(-1) ?? '?'}`
  const values = valuesOf(world)
  if (definition.kind === 'operation' && words[1] === 'is') return operationError(definition, words.slice(2), values)
  const right = words.length === 2 && words[1] === String(values.get(definition.name))
  return right ? undefined : `${definition.name} is not ${words.slice(1).join(' ') || '?'}`
}

/** `words`: what stands after `name is`. */
function operationError(operation: Operation, words: readonly string[], values: ReadonlyMap<string, number>): string | undefined {
  const comma = words.includes(',') ? words.indexOf(',') : words.length
  const expression = words.slice(0, comma)
  const pair = words.slice(comma + 1)
  if (pair[0] !== operation.name || pair.length > 2) return `${operation.name} is not ${pair.join(' ') || '?'}`
  if (pair[1] !== String(values.get(operation.name))) return `${operation.name} is not ${pair[1] ?? '?'}`
  return copyError(operation, expression) ?? referenceError(expression, values)
}

/** A wrong copy: without the numbers beside its names, the expression is not the quantity's definition. */
function copyError(operation: Operation, expression: readonly string[]): string | undefined {
  const copied = expression.filter((word, index) => !(isNumber(word) && isName(expression[index - 1]))).join(' ')
  return `${operation.name} is ${copied}` === definitionText(operation) ? undefined : `${operation.name} is not ${copied || '?'}`
}

/** A wrong reference: a name with another number beside it than its value, or with none. */
function referenceError(expression: readonly string[], values: ReadonlyMap<string, number>): string | undefined {
  const wrong = expression.findIndex((word, index) => isName(word) && expression[index + 1] !== String(values.get(word)))
  if (wrong < 0) return undefined
  const put = expression[wrong + 1]
  return `${expression[wrong]} is not ${isNumber(put) ? put : '?'}`
}

function isNumber(word: string | undefined): word is string {
  return word !== undefined && /^\d+$/.test(word)
}

function isName(word: string | undefined): word is string {
  return word !== undefined && !isNumber(word) && !operators.some((operator) => operator === word)
}
