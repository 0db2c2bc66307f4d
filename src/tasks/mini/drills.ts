/**
 * Looking up and nothing else: pairs of name and number, said again and again in another order.
 *
 *     rings 2 gems 7 jars 5 . jars 5 rings 2 gems 7 . gems 7 ...
 *
 * Lessons of problems alone do not teach it in this many steps: LOG.md, "A guess that looks like a look-up".
 */
import { choose, fold, integer, type Seed } from '../../random.ts'
import { largestNumber, quantities } from './words.ts'
import { pairText } from './world.ts'

const FEWEST = 4 // quantities of a drill
const MOST = 7
const MOST_WORDS = 90

/** The rounds of a drill: in each all pairs, in an order of its own. From the second on every number follows from the first. */
export function drill(seed: Seed): string[] {
  const names = choose(fold(seed, 0), quantities, FEWEST + integer(seed, 0, MOST - FEWEST + 1))
  const pairs = names.map((name, index) => pairText(name, 1 + integer(fold(seed, 1), index, largestNumber)))
  const rounds = Math.floor(MOST_WORDS / (2 * pairs.length + 1)) // a full stop ends each
  return Array.from({ length: rounds }, (_, round) => `${choose(fold(seed, 2, round), pairs).join(' ')} .`)
}
