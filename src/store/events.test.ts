import { expect, test } from 'vitest'
import type { PolicyVersion } from '../engine/engine.ts'
import { decodeEvent, encodeEvent, type RunEvent, type StepEvent } from './events.ts'

const step: StepEvent = {
  v: 1,
  seq: 1,
  type: 'step',
  step: 1,
  problems: ['a/1'],
  rollouts: { path: 'rollouts/step-000001.parquet', bytes: 10, sha256: 'ff' },
  update: {
    objective: { kind: 'policy-gradient', clipLow: 0.2, clipHigh: 0.28 },
    learningRate: 1e-6,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0.1,
    maxGradientNorm: Infinity,
  },
  report: { loss: 0.1 + 0.2, gradientNorm: 5e-324, tokens: 3, clipShare: 0, kl: -Infinity, entropy: 1, logprobDifference: 0 },
  metrics: { accuracy: 1 / 3 },
  timing: { at: '2026-01-01T00:00:00.000Z', session: 1, seconds: { total: 0.5 } },
}

test('an event reads back as it was written, to the last bit, infinities too', () => {
  const line = encodeEvent(step)
  expect(line.endsWith('\n')).toBe(true)
  expect(line.trimEnd()).not.toContain('\n')
  expect(decodeEvent(line, 'here')).toEqual(step)
})

test("so does a divergence's, whose cap may be none", () => {
  const objective = { kind: 'divergence', direction: 'jsd', cap: Infinity, teacher: 3 as PolicyVersion } as const
  const taught: RunEvent = { ...step, update: { ...step.update, objective }, report: { ...step.report!, divergence: 0.1 + 0.2 } }
  expect(decodeEvent(encodeEvent(taught), 'here')).toEqual(taught)
})

test('a line that is no event is refused with its place and what is wrong with it', () => {
  expect(() => decodeEvent('{"v":1,', 'log:3')).toThrow('log:3: not JSON')
  expect(() => decodeEvent('{"v":2,"type":"finished"}', 'log:4')).toThrow(/log:4: not an event of this version of tapo/)
  expect(() => decodeEvent(encodeEvent(step).replace('"step":1', '"step":"one"'), 'log:5')).toThrow(/step/)
  expect(() => decodeEvent(encodeEvent(step).replace('"metrics"', '"metriks"'), 'log:6')).toThrow(/metriks/)
})
