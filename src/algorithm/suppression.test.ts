import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { clampShares, paperSuppression, suppressionWeights } from './suppression.ts'

const scores = (logprobs: number[], entropies: number[]) => ({
  logprobs: Float32Array.from(logprobs),
  entropies: Float32Array.from(entropies),
})

test('a token as likely as its distribution expects has weight 1', () => {
  const uniformOverFour = -Math.log(4)
  expect(suppressionWeights(scores([uniformOverFour, 0], [Math.log(4), 0]), paperSuppression)).toEqual(Float32Array.of(1, 1))
})

test('log p + H is exponentiated: p = 1/8 where the entropy is log 2 gives 1/4, p = 1/2 where it is log 8 gives 4', () => {
  const weights = suppressionWeights(scores([-Math.log(8), -Math.log(2)], [Math.log(2), Math.log(8)]), paperSuppression)
  expect(weights[0]).toBeCloseTo(0.25, 6)
  expect(weights[1]).toBeCloseTo(4, 5)
})

test('a forced token has 0.01 and an unexpectedly likely one 10, and both clamps are counted', () => {
  const weights = suppressionWeights(scores([-20, 0, -Math.log(2), -20], [0.1, 5, Math.log(2), 0]), paperSuppression)
  expect(weights).toEqual(Float32Array.of(0.01, 10, 1, 0.01))
  expect(clampShares(weights, paperSuppression)).toEqual({ low: 0.5, high: 0.25 })
})

test('without suppression every weight is 1 and no clamp is counted', () => {
  const weights = suppressionWeights(scores([-20, 0], [0, 5]), 'off')
  expect(weights).toEqual(Float32Array.of(1, 1))
  expect(clampShares(weights, 'off')).toEqual({ low: 0, high: 0 })
  expect(clampShares(new Float32Array(), paperSuppression)).toEqual({ low: 0, high: 0 })
})

test('weights lie between the clamps and rise with log-probability and with entropy', () => {
  const logprob = fc.double({ min: -50, max: 0, noNaN: true })
  const entropy = fc.double({ min: 0, max: 12, noNaN: true })
  fc.assert(
    fc.property(logprob, entropy, fc.double({ min: 0, max: 5, noNaN: true }), (l, h, more) => {
      const [weight, likelier, broader] = suppressionWeights(scores([l, l + more, l], [h, h, h + more]), paperSuppression)
      expect(weight).toBeGreaterThanOrEqual(Math.fround(0.01))
      expect(weight).toBeLessThanOrEqual(10)
      expect(likelier).toBeGreaterThanOrEqual(weight!)
      expect(broader).toBeGreaterThanOrEqual(weight!)
    }),
  )
})
