import { expect, test } from 'vitest'
import { auditRows } from './verifier-audit.ts'

test('errors are counted by category: false positives of the wrong pairs, false negatives of the right ones', () => {
  const pair = (category: string, expected: 'right' | 'wrong'): Parameters<typeof auditRows>[0][number] => ({
    gold: '7',
    response: '7',
    expected,
    category,
    held: false,
  })
  const pairs = [pair('a', 'right'), pair('a', 'right'), pair('a', 'wrong'), pair('b', 'wrong'), pair('b', 'right')]
  const rows = auditRows(pairs, ['right', 'wrong', 'right', 'wrong', 'undecided'])
  expect(
    rows.map(({ category, falsePositives, falseNegatives, undecided }) => [
      category,
      falsePositives.value,
      falseNegatives.value,
      undecided.value,
    ]),
  ).toEqual([
    ['a', 1, 0.5, 0],
    ['b', 0, 0, 0.5],
    ['all', 0.5, 1 / 3, 0.2],
  ])
})
