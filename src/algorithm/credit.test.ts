import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { advantages, defaultBaseline } from './advantages.ts'
import { type CreditOptions, credit } from './credit.ts'

const options: CreditOptions = {
  baseline: { deviation: 'population', epsilon: 0 },
  comparison: 'decoupled',
  negatives: 'both',
  whenAllRight: 'skip',
}
const root = Math.sqrt

test('failed: the constructed group is the constructions, right and failed', () => {
  const { constructions, sources } = credit([1, 0], [1, 0, 0, 0], { ...options, negatives: 'failed' })
  expect(constructions).toEqual([0.75, -0.25, -0.25, -0.25].map((value) => value / (root(3) / 4)))
  expect(sources).toEqual([0, 0, 0, 0])
})

test('source: right constructions against the wrong rollouts they came from; failed ones are left out', () => {
  const given = credit([1, 0], [1, 0, 1], { ...options, negatives: 'source' })
  expect(given.constructions).toEqual([1, 0, 1])
  expect(given.sources).toEqual([-1, 0, -1])
})

test('both: one right and one failed, with both sources, are one of four', () => {
  const given = credit([1, 0], [1, 0], options)
  expect(given.constructions).toEqual([0.75 / (root(3) / 4), -0.25 / (root(3) / 4)])
  expect(given.sources).toEqual([-0.25 / (root(3) / 4), -0.25 / (root(3) / 4)])
  expect(given.constructed).toBe('varied')
})

test('none: only right constructions, which have nothing to compare themselves with', () => {
  const given = credit([1, 0], [1, 0, 1], { ...options, negatives: 'none' })
  expect(given).toMatchObject({ constructions: [0, 0, 0], sources: [0, 0, 0], constructed: 'zero-variance' })
  expect(credit([1, 0], [0, 0], { ...options, negatives: 'none' }).constructed).toBe('none')
})

test('a group in which all are right is skipped, or imitated with advantage 1', () => {
  expect(credit([1, 0], [1, 1], { ...options, negatives: 'failed' }).constructions).toEqual([0, 0])
  const imitating = { ...options, whenAllRight: 'imitate' } as const
  expect(credit([1, 0], [1, 1], { ...imitating, negatives: 'failed' }).constructions).toEqual([1, 1])
  expect(credit([1, 0], [1, 0, 1], { ...imitating, negatives: 'none' }).constructions).toEqual([1, 0, 1])
  expect(credit([1, 0], [0, 0], { ...imitating, negatives: 'failed' }).constructions).toEqual([0, 0])
  expect(credit([1, 0], [1, 1], { ...imitating, negatives: 'both' }).constructions).toEqual([1, 1])
})

test('coupled: constructions stand in the rollouts own group and move its mean', () => {
  const given = credit([1, 0, 0, 0], [1, 1], { ...options, comparison: 'coupled' })
  expect(given.rollouts).toEqual([1, -1, -1, -1])
  expect(given.constructions).toEqual([1, 1])
  expect(given.sources).toEqual([0, 0])
})

test('an undecided construction is no member, and neither is the wrong rollout it came from', () => {
  for (const comparison of ['decoupled', 'coupled'] as const)
    for (const negatives of ['failed', 'source', 'both', 'none'] as const) {
      const settings: CreditOptions = { ...options, comparison, negatives }
      const [with_, without] = [credit([1, 0], [1, undefined, 0], settings), credit([1, 0], [1, 0], settings)]
      expect([with_.constructions[1], with_.sources[1]]).toEqual([0, 0])
      expect(with_.constructions.toSpliced(1, 1)).toEqual(without.constructions)
      expect(with_.sources.toSpliced(1, 1)).toEqual(without.sources)
      expect([with_.rollouts, with_.constructed]).toEqual([without.rollouts, without.constructed])
    }
  expect(credit([1, 0], [undefined], options).constructed).toBe('none')
})

test('decoupled: no construction changes a rollout by a bit', () => {
  const outcomes = fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 8 })
  const negatives = fc.constantFrom<CreditOptions['negatives']>('failed', 'source', 'both', 'none')
  const whenAllRight = fc.constantFrom<CreditOptions['whenAllRight']>('skip', 'imitate')
  fc.assert(
    fc.property(outcomes, outcomes, negatives, whenAllRight, (rollouts, constructed, kind, all) => {
      const given = credit(rollouts, constructed, { ...options, baseline: defaultBaseline, negatives: kind, whenAllRight: all })
      expect(given.rollouts).toEqual(advantages(rollouts))
      const total = [...given.constructions, ...given.sources].reduce((sum, value) => sum + value, 0)
      expect(all === 'skip' ? total : 0).toBeCloseTo(0, 9)
    }),
  )
})
