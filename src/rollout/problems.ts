/** Which problems a step gets: a function of (seed, step) alone, so that nothing has to be saved to resume. Pure. */
import { fold, philox, type Seed } from '../random.ts'
import type { ProblemSet } from '../tasks/task.ts'
import type { Problem } from '../types.ts'

/**
 * The problems of a step (1 is the first). All steps together read one endless stream: every problem once in random order,
 * then every problem once in another order, and so on; step s takes places (s - 1) * count up to s * count of it. So a set
 * is used evenly whatever `count` is, and a step holds a problem twice only where one round ends and the next begins
 * within it.
 */
export function problemsOfStep(set: ProblemSet, seed: Seed, step: number, count: number): Problem[] {
  return Array.from({ length: count }, (_, i) => {
    const place = (step - 1) * count + i
    const round = Math.floor(place / set.size)
    return set.at(permuted(place % set.size, set.size, fold(seed, round)))
  })
}

/**
 * Where `index` goes in a random permutation of [0, size), without making the other places: a Feistel network permutes the
 * next power of four, and places outside [0, size) are sent through again until they fall inside (cycle walking; fewer
 * than four times on average). Black and Rogaway, 2002.
 */
export function permuted(index: number, size: number, seed: Seed): number {
  let half = 1
  while (half * half < size) half *= 2
  let place = index
  do place = feistel(place, half, seed)
  while (place >= size)
  return place
}

/** A permutation of [0, half * half); `half` is a power of two. Four rounds are what Luby and Rackoff ask for. */
function feistel(place: number, half: number, seed: Seed): number {
  let left = Math.floor(place / half)
  let right = place % half
  for (let round = 0; round < 4; round++) {
    const mixed = (left ^ philox(seed, right, round, 0, 0)[0]) & (half - 1)
    left = right
    right = mixed
  }
  return left * half + right
}
