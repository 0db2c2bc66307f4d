/**
 * A student's attempt, made from the truth: steps slip, some steps are doubted, the right ones too, and what is doubted is done again,
 * well or badly. An error is carried on. Lessons without sampling; no model takes part.
 */
import { fold, integer, type Seed, uniform } from '../../random.ts'
import { largestNumber } from './words.ts'
import { answerText, compute, type Definition, numberOf, type Operation, operationText, pairText, resultOf, type World } from './world.ts'

/** What a student does at a step that computes; chances in [0, 1]. */
export interface Student {
  readonly slips: number // the step is wrong
  readonly doubtsWrong: number // a wrong step is doubted
  readonly doubtsRight: number // a right step is doubted
  readonly repairs: number // a doubted step is done again without a slip
}

export function studentAttempt(world: World, student: Student, seed: Seed): string {
  const values = new Map<string, number>()
  const sentences = world.definitions.flatMap((definition, index) => {
    const steps = stepsOf(definition, student, { values, seed: fold(seed, index) })
    values.set(definition.name, (steps.at(-1) as Step).result)
    return steps.map((step, again) => (again === 0 ? step.text : `${doubt(definition.name, steps[0] as Step)} ${step.text}`))
  })
  return [...sentences, answerText(values.get(world.asked) as number)].join(' ')
}

/** The words that take a result back. */
export function doubt(name: string, { result }: Pick<Step, 'result'>): string {
  return `wait , ${name} is not ${result} .`
}

interface Step {
  readonly text: string
  readonly result: number
}

/** What the student believes so far, and the step's randomness. */
interface State {
  readonly values: ReadonlyMap<string, number>
  readonly seed: Seed
}

/** The step, and once more where it is doubted. */
function stepsOf(definition: Definition, student: Student, { values, seed }: State): Step[] {
  if (definition.kind === 'number') return [{ text: `${pairText(definition.name, definition.value)} .`, result: definition.value }]
  const slips = uniform(seed, 0) < student.slips
  const first = operationStep(definition, slips, { values, seed: fold(seed, 1) })
  if (uniform(seed, 1) >= (slips ? student.doubtsWrong : student.doubtsRight)) return [first]
  return [first, operationStep(definition, uniform(seed, 2) >= student.repairs, { values, seed: fold(seed, 2) })]
}

/** One step with the numbers that the student believes. What is wrong with one that slips is a number put in, or the result. */
function operationStep(definition: Operation, slips: boolean, { values, seed }: State): Step {
  const numbers = [numberOf(definition.left, values), numberOf(definition.right, values)]
  const misreads = slips && integer(seed, 1, 2) === 0
  if (misreads) {
    const place = typeof definition.right === 'string' ? integer(seed, 2, 2) : 0
    numbers[place] = otherThan(numbers[place] as number, [...values.values()], fold(seed, 3))
  }
  const [left, right] = numbers as [number, number]
  const computed = compute(left, definition.operator, right)
  const result = slips && !misreads ? miscalculated(resultOf(definition, values), fold(seed, 4)) : (computed ?? guessed(seed))
  return { text: operationText(definition, [left, right], result), result }
}

/** Where the numbers believed have no result in the world. */
function guessed(seed: Seed): number {
  return 1 + integer(seed, 5, largestNumber)
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
