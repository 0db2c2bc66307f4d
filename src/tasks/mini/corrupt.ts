/** Attempts with an error, made from the truth: cold-start data without sampling. The error is carried on, as a model would. */
import { fold, integer, type Seed, uniform } from '../../random.ts'
import { largestNumber } from './words.ts'
import { answerText, compute, numberOf, type Operation, operationText, pairText, resultOf, type World } from './world.ts'

const LATER_ERRORS = 0.15 // share of further steps that are wrong too

/** An attempt at `world` that goes wrong at a random step, by a wrong calculation or a wrong reference; undefined where no step computes. */
export function corruptedAttempt(world: World, seed: Seed): string | undefined {
  const steps = world.definitions.flatMap((definition, index) => (definition.kind === 'operation' ? [index] : []))
  if (steps.length === 0) return undefined
  const first = steps[integer(seed, 0, steps.length)] as number
  const values = new Map<string, number>()
  const sentences = world.definitions.map((definition, index) => {
    if (definition.kind === 'number') {
      values.set(definition.name, definition.value)
      return `${pairText(definition.name, definition.value)} .`
    }
    const errs = index === first || (index > first && uniform(seed, 100 + index) < LATER_ERRORS)
    const step = operationStep(definition, values, errs ? fold(seed, index) : undefined, fold(seed, 100 + index))
    values.set(definition.name, step.result)
    return step.text
  })
  return [...sentences, answerText(values.get(world.asked) as number)].join(' ')
}

/** One step with the numbers that the attempt believes. `error` draws what is wrong with it; `guess` a result where the world has none. */
function operationStep(
  definition: Operation,
  values: ReadonlyMap<string, number>,
  error: Seed | undefined,
  guess: Seed,
): { text: string; result: number } {
  const numbers = [numberOf(definition.left, values), numberOf(definition.right, values)]
  const misread = error !== undefined && integer(error, 1, 2) === 0
  if (misread) {
    const place = typeof definition.right === 'string' ? integer(error, 2, 2) : 0
    numbers[place] = otherThan(numbers[place] as number, [...values.values()], fold(error, 3))
  }
  const [left, right] = numbers as [number, number]
  const computed = compute(left, definition.operator, right)
  const result =
    error !== undefined && !misread ? miscalculated(resultOf(definition, values), fold(error, 4)) : (computed ?? miscalculated(1, guess))
  return { text: operationText(definition, [left, right], result), result }
}

/** Another number: mostly near by. */
function miscalculated(value: number, seed: Seed): number {
  const near = Array.from({ length: 7 }, (_, i) => value + i - 3).filter((other) => other >= 1 && other <= largestNumber)
  return otherThan(value, integer(seed, 0, 3) === 0 ? [] : near, fold(seed, 1))
}

/** One of `numbers` that is not `value`; any number of the world where there is none. */
function otherThan(value: number, numbers: readonly number[], seed: Seed): number {
  const others = numbers.filter((number) => number !== value)
  return others.length > 0
    ? (others[integer(seed, 0, others.length)] as number)
    : 1 + ((value + integer(seed, 1, largestNumber - 1)) % largestNumber)
}
