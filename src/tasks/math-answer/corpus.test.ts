/** The corpus of corpus/verifier.jsonl: what is wrong in it is never called right, and what is right nearly always is. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { verify } from './verify.ts'

interface Pair {
  readonly gold: string
  readonly response: string
  readonly expected: 'right' | 'wrong'
}

const path = join(import.meta.dirname, '../../../corpus/verifier.jsonl')
const pairs = readFileSync(path, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Pair)

test('no wrong answer of the corpus is called right, and at most one right one of a hundred is not', () => {
  const verdicts = pairs.map((pair) => ({ ...pair, ...verify(pair.gold, pair.response) }))
  expect(verdicts.filter(({ expected, verdict }) => expected === 'wrong' && verdict === 'right')).toEqual([])
  const right = verdicts.filter(({ expected }) => expected === 'right')
  expect(right.filter(({ verdict }) => verdict !== 'right').length / right.length).toBeLessThan(0.01)
})
