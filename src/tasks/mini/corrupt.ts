/** Attempts with one error, made from the truth: cold-start data without sampling. The error is carried on, as a model would. */
import { integer, type Seed } from '../../random.ts'
import { answerText, compute, type Definition, definitionText, numberOf, resultOf, stepText, type World } from './world.ts'
import { largestNumber, quantities } from './words.ts'

/** An attempt at `world` whose one error is a wrong calculation or a wrong reference; undefined where the drawn error changes nothing. */
export function corruptedAttempt(world: World, seed: Seed): string | undefined {
  const steps = world.definitions.flatMap((definition, index) => (definition.kind === 'operation' ? [index] : []))
  if (steps.length === 0) return undefined
  const at = steps[integer(seed, 0, steps.length)] as number
  const values = new Map<string, number>()
  const sentences: string[] = []
  for (const [index, definition] of world.definitions.entries()) {
    const step = index === at ? wrongStep(definition as Operation, values, seed) : { text: stepText(definition, values), value: resultOf(definition, values) }
    if (step === undefined || step.value === 0) return undefined
    values.set(definition.name, step.value)
    sentences.push(step.text)
  }
  return [...sentences, answerText(values.get(world.asked) as number)].join(' ')
}

type Operation = Extract<Definition, { kind: 'operation' }>

function wrongStep(definition: Operation, values: ReadonlyMap<string, number>, seed: Seed): { text: string; value: number } | undefined {
  const { left, operator, right } = definition
  const [first, second] = [numberOf(left, values), numberOf(right, values)]
  const right1 = compute(first, operator, second)
  const calculation = integer(seed, 1, 2) === 0
  const swapped = calculation ? first : otherValue(left as string, values, seed)
  const result = calculation ? near(right1 ?? 1, seed) : compute(swapped, operator, second)
  if (result === undefined || (calculation ? result === right1 : swapped === first)) return undefined
  return { text: `${definitionText(definition)} is ${swapped} ${operator} ${second} is ${result} .`, value: result }
}

/** Another number near by, as a miscalculation would give, or any. */
function near(value: number, seed: Seed): number {
  const shift = integer(seed, 2, 3) === 0 ? integer(seed, 3, largestNumber) + 1 - value : integer(seed, 3, 7) - 3
  return Math.min(largestNumber, Math.max(1, value + shift))
}

/** The value of another quantity, or any number while there is none. */
function otherValue(name: string, values: ReadonlyMap<string, number>, seed: Seed): number {
  const others = [...values].filter(([other]) => other !== name && quantities.includes(other)).map(([, value]) => value)
  return others.length === 0 ? 1 + integer(seed, 4, largestNumber) : (others[integer(seed, 4, others.length)] as number)
}
