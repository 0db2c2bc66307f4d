/** The corpora: what is wrong in corpus/verifier.jsonl is never called right, and what is right nearly always is; what was found by hand stays found. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { verify } from './verify.ts'

interface Pair {
  readonly gold: string
  readonly response: string
  readonly expected: 'right' | 'wrong'
}

const corpus = (name: string): Pair[] =>
  readFileSync(join(import.meta.dirname, '../../../corpus', name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Pair)
const pairs = corpus('verifier.jsonl')
const MOST = { positives: 36, negatives: 25 } // of 1870 wrong pairs and 1567 right ones, undecided ones among them

test('no wrong answer of the corpus is called right, and at most one right one of a hundred is not', () => {
  const verdicts = pairs.map((pair) => ({ ...pair, ...verify(pair.gold, pair.response) }))
  expect(verdicts.filter(({ expected, verdict }) => expected === 'wrong' && verdict === 'right')).toEqual([])
  const right = verdicts.filter(({ expected }) => expected === 'right')
  expect(right.filter(({ verdict }) => verdict !== 'right').length / right.length).toBeLessThan(0.01)
})

test('of the pairs that outsiders wrote to break it, at most so many are judged wrongly as docs/verifier.md says', () => {
  const verdicts = corpus('by-hand.jsonl').map((pair) => ({ ...pair, ...verify(pair.gold, pair.response) }))
  expect(verdicts.filter(({ expected, verdict }) => expected === 'wrong' && verdict === 'right').length).toBeLessThanOrEqual(MOST.positives)
  expect(verdicts.filter(({ expected, verdict }) => expected === 'right' && verdict !== 'right').length).toBeLessThanOrEqual(MOST.negatives)
})
