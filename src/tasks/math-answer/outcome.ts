/** What a comparison finds, and what the comparisons of this folder have in common. */
import type { Node } from './node.ts'
import type { VerifyPolicy } from './policy.ts'
import type { Work } from './work.ts'

export interface Outcome {
  readonly verdict: 'right' | 'wrong' | 'undecided'
  readonly method: Method
  readonly why: string
}

/** How it was decided. */
export type Method =
  | 'text' // the same words
  | 'integer' // whole numbers, digit by digit
  | 'exact' // fractions of big integers
  | 'rounded' // a decimal that is the other's rounding
  | 'numeric' // 60 digits
  | 'identity' // the same function at random points
  | 'structure' // lists, tuples, intervals, relations, matrices: their parts
  | 'reading' // one of the two cannot be read, or is none
  | 'limits' // too much work

/** What a comparison needs besides the two: how strict it is, the work it may do, and how parts are compared. */
export interface Judging {
  readonly policy: VerifyPolicy
  readonly work: Work
  readonly compare: (gold: Node, given: Node, judging: Judging) => Outcome
}

export function right(method: Method, why: string): Outcome {
  return { verdict: 'right', method, why }
}

export function wrong(method: Method, why: string): Outcome {
  return { verdict: 'wrong', method, why }
}

export function undecided(method: Method, why: string): Outcome {
  return { verdict: 'undecided', method, why }
}

/** Right when all are, wrong when one is. */
export function together(outcomes: readonly Outcome[], what: string): Outcome {
  const miss = outcomes.find(({ verdict }) => verdict === 'wrong') ?? outcomes.find(({ verdict }) => verdict === 'undecided')
  return miss === undefined ? right('structure', `every part of the ${what} is equal`) : { ...miss, why: `in the ${what}: ${miss.why}` }
}

/** Parts one by one, in order. */
export function inOrder(golds: readonly Node[], givens: readonly Node[], what: string, judging: Judging): Outcome {
  if (golds.length !== givens.length) return wrong('structure', `the ${what} has ${givens.length} parts, not ${golds.length}`)
  const outcomes: Outcome[] = []
  for (const [index, gold] of golds.entries()) {
    const outcome = judging.compare(gold, givens[index] as Node, judging)
    outcomes.push(outcome)
    if (outcome.verdict === 'wrong') break
  }
  return together(outcomes, what)
}

/** Parts matched in any order, each with one of its own. */
export function inAnyOrder(golds: readonly Node[], givens: readonly Node[], what: string, judging: Judging): Outcome {
  if (golds.length !== givens.length) return wrong('structure', `the ${what} has ${givens.length} parts, not ${golds.length}`)
  const left = [...givens]
  let doubt: Outcome | undefined
  for (const gold of golds) {
    let found = -1
    for (const [index, given] of left.entries()) {
      const outcome = judging.compare(gold, given, judging)
      if (outcome.verdict === 'right') {
        found = index
        break
      }
      if (outcome.verdict === 'undecided') doubt ??= outcome
    }
    if (found < 0) return doubt ?? wrong('structure', `a part of the ${what} is missing`)
    left.splice(found, 1)
  }
  return right('structure', `every part of the ${what} is there`)
}
