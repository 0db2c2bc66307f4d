/** Worlds by position: world i of a split is a function of (seed, split, i). Splits share no world, whatever its names are. */
import { createHash } from 'node:crypto'
import { choose, fold, integer, type Seed } from '../../random.ts'
import type { Split } from '../task.ts'
import { compute, type Definition, numberOf, type Operand, question, resultOf, type World } from './world.ts'
import { largestNumber, operators, quantities } from './words.ts'

/** The difficulty dial: how many quantities a world has, inclusive. */
export interface Difficulty {
  readonly fewest: number
  readonly most: number
}

const BUCKETS = 10 // of worlds by hash: the first is for tests, the second for development, the others for training
const MOST_TRIES = 1000

export function generateWorld(seed: Seed, split: Split, index: number, difficulty: Difficulty): World {
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const world = draft(fold(seed, index, attempt), difficulty)
    if (splitOf(world) === split) return world
  }
  throw new Error(`internal: no world for ${split} ${index} in ${MOST_TRIES} tries`)
}

/** By the world's canonical form, in which names are numbered as they come. */
export function splitOf(world: World): Split {
  const names = new Map(world.definitions.map(({ name }, index) => [name, `q${index}`]))
  const canonical = question(world).replaceAll(/[a-z]+/g, (word) => names.get(word) ?? word)
  const bucket = createHash('sha256').update(canonical).digest().readUInt32LE() % BUCKETS
  return bucket === 0 ? 'test' : bucket === 1 ? 'development' : 'train'
}

function draft(seed: Seed, { fewest, most }: Difficulty): World {
  const names = choose(fold(seed, 0), quantities, fewest + integer(seed, 0, most - fewest + 1))
  const values = new Map<string, number>()
  const definitions: Definition[] = []
  names.forEach((name, index) => {
    const definition = index === 0 ? given(fold(seed, 1), name) : derived(fold(seed, 1 + index), name, values)
    values.set(name, resultOf(definition, values))
    definitions.push(definition)
  })
  return { definitions, asked: names.at(-1) as string }
}

function given(seed: Seed, name: string): Definition {
  return { kind: 'number', name, value: 1 + integer(seed, 0, largestNumber) }
}

/** A quantity made from an earlier one and another or a number; a plain number where the tries do not find an allowed one. */
function derived(seed: Seed, name: string, values: ReadonlyMap<string, number>): Definition {
  const known = [...values.keys()]
  for (let attempt = 0; attempt < 50; attempt++) {
    const pick = (what: number, below: number): number => integer(fold(seed, attempt), what, below)
    const left = known[pick(0, known.length)] as string
    const right: Operand = pick(1, 2) === 0 ? (known[pick(2, known.length)] as string) : 1 + pick(3, 9)
    const operator = operators[pick(4, operators.length)] as (typeof operators)[number]
    const trivial = (operator === 'minus' && left === right) || (operator === 'times' && right === 1)
    if (!trivial && compute(numberOf(left, values), operator, numberOf(right, values)) !== undefined) {
      return { kind: 'operation', name, left, operator, right }
    }
  }
  return given(fold(seed, 99), name)
}
