import { expect, test } from 'vitest'
import { opinionCounts, type SecondOpinion } from './second-opinions.ts'
import type { AuditPair } from './verifier-audit.ts'

test('a disagreement is counted for the one that is right, and what only the second one decides is counted apart', () => {
  const pair = (expected: AuditPair['expected']): AuditPair => ({ gold: '7', response: '7', expected, category: 'a', held: false })
  const says = (word: SecondOpinion['says']): SecondOpinion => ({ says: word, why: 'for a reason' })
  const counts = opinionCounts(
    [pair('right'), pair('right'), pair('right'), pair('wrong'), pair('wrong'), pair('right')],
    ['right', 'right', 'wrong', 'wrong', 'undecided', 'undecided'],
    [says('right'), says('wrong'), says('right'), says('nothing'), says('right'), says('nothing')],
  )
  expect(counts).toMatchObject({ pairs: 6, agreed: 1, silent: 2, oursRight: 1, theirsRight: 1, undecided: 2, decided: 1, decidedRight: 0 })
  expect(counts.disagreements.map(({ ours, theirs }) => [ours, theirs])).toEqual([
    ['right', 'wrong'],
    ['wrong', 'right'],
  ])
})
