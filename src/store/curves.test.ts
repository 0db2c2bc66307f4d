import { expect, test } from 'vitest'
import { curves } from './curves.ts'
import type { RunEvent } from './events.ts'
import { settings } from './fixtures/training.ts'

const timing = { at: '2026-01-01T00:00:00.000Z', session: 1, seconds: { total: 2 } }
const update = { ...settings(2).optimizer, objective: { kind: 'likelihood' }, learningRate: 0.5 } as const
const rollouts = { path: '', bytes: 0, sha256: '' }
const report = { loss: 3, gradientNorm: 1, tokens: 9, clipShare: 0, kl: 0.25, entropy: 1, logprobDifference: 0 }
const events: readonly RunEvent[] = [
  { v: 1, seq: 0, type: 'evaluation', step: 0, name: 'a', samples: 1, problems: [], right: [], figures: { passAt1: 0.5 }, timing },
  { v: 1, seq: 1, type: 'step', step: 1, problems: [], rollouts, update, metrics: { accuracy: 0 }, timing },
  { v: 1, seq: 2, type: 'step', step: 2, problems: [], rollouts, update, report, metrics: { accuracy: 1, meanWeight: 0.9 }, timing },
]

test('a figure has a point at every step that has the figure', () => {
  const all = curves(events)
  expect(all.get('accuracy')).toEqual([
    { step: 1, value: 0 },
    { step: 2, value: 1 },
  ])
  expect(all.get('kl')).toEqual([{ step: 2, value: 0.25 }])
  expect(all.get('meanWeight')).toEqual([{ step: 2, value: 0.9 }])
  expect(all.get('learningRate')).toHaveLength(2)
  expect(all.get('seconds.total')).toHaveLength(2)
  expect(all.get('evaluation.passAt1')).toEqual([{ step: 0, value: 0.5 }])
})
