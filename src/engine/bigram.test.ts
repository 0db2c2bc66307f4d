import { expect, test } from 'vitest'
import type { Example } from '../types.ts'
import { type Bigram, updated } from './bigram.ts'
import type { PolicyVersion, Update } from './engine.ts'

const uniform: Bigram = {
  vocabularySize: 2,
  logits: new Float64Array(4),
  first: new Float64Array(4),
  second: new Float64Array(4),
  updates: 0,
}
const plain: Update = {
  objective: { kind: 'likelihood' },
  learningRate: 0.1,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-15,
  weightDecay: 0,
  maxGradientNorm: Infinity,
}

/** Token 1 after token 0, which both have probability 1/2. */
function example(advantage: number, old = Math.log(1 / 2)): Example {
  return {
    id: 'one token',
    origin: 'rollout',
    tokens: Int32Array.of(0, 1),
    promptLength: 1,
    logprobs: Float32Array.of(0, old),
    advantages: Float32Array.of(0, advantage),
  }
}

test('likelihood: the gradient is p - onehot, so the first AdamW step is one learning rate either way', () => {
  const { model, report } = updated(uniform, [example(1)], plain)
  expect(report).toMatchObject({ loss: Math.LN2, tokens: 1, clipShare: 0, kl: 0, entropy: Math.LN2, logprobDifference: 0 })
  expect(report.gradientNorm).toBeCloseTo(Math.SQRT1_2, 12) // (1/2, -1/2)
  expect(Array.from(model.logits, (logit) => Number(logit.toFixed(12)))).toEqual([-0.1, 0.1, 0, 0])
  expect(model.updates).toBe(1)
})

test('AdamW: moments, bias correction, decoupled decay and epsilon over two steps, by hand', () => {
  const update = { ...plain, epsilon: 0.5, weightDecay: 0.2 }
  const once = updated(uniform, [example(1)], update).model
  // step 1: g = -1/2, m = -0.05 / 0.1 = -1/2, v = 0.0025 / 0.01 = 1/4; w = 0 - 0.1 * (-0.5 / (0.5 + 0.5) + 0.2 * 0) = 0.05
  expect(once.logits[1]).toBeCloseTo(0.05, 12)
  const p = Math.exp(0.05) / (Math.exp(0.05) + Math.exp(-0.05))
  const g = p - 1
  const m = (0.9 * -0.05 + 0.1 * g) / (1 - 0.81)
  const v = (0.99 * 0.0025 + 0.01 * g * g) / (1 - 0.9801)
  const twice = updated(once, [example(1)], update).model
  expect(twice.logits[1]).toBeCloseTo(0.05 - 0.1 * (m / (Math.sqrt(v) + 0.5) + 0.2 * 0.05), 12)
})

test('the gradient is scaled down to its norm limit', () => {
  const clipped = updated(uniform, [example(4)], { ...plain, maxGradientNorm: Math.SQRT1_2, epsilon: 0.5 }).model
  expect(clipped.logits[1]).toBeCloseTo(updated(uniform, [example(1)], { ...plain, epsilon: 0.5 }).model.logits[1]!, 12)
})

const clipping = { ...plain, objective: { kind: 'policy-gradient', clipLow: 0.2, clipHigh: 0.3 } } as const

test.each([
  { old: 1 / 2, advantage: 1, loss: -1, norm: Math.SQRT1_2, clipShare: 0, why: 'ratio 1' },
  { old: 1 / 4, advantage: 1, loss: -1.3, norm: 0, clipShare: 1, why: 'ratio 2 above 1.3, and up is wanted' },
  { old: 1 / 4, advantage: -1, loss: 2, norm: 2 * Math.SQRT1_2, clipShare: 0, why: 'ratio 2, and down is wanted' },
  { old: 1, advantage: 1, loss: -0.5, norm: Math.SQRT1_2 / 2, clipShare: 0, why: 'ratio 1/2, and up is wanted' },
  { old: 1, advantage: -1, loss: 0.8, norm: 0, clipShare: 1, why: 'ratio 1/2 below 0.8, and down is wanted' },
])('the clipped surrogate, $why: advantage $advantage', ({ old, advantage, loss, norm, clipShare }) => {
  const { report } = updated(uniform, [example(advantage, Math.log(old))], clipping)
  expect(report.loss).toBeCloseTo(loss, 6)
  expect(report.gradientNorm).toBeCloseTo(norm, 6)
  expect(report.clipShare).toBe(clipShare)
})

test('divergence from the sampler: ratio 2 has r - 1 - log r and |log r|', () => {
  const { report } = updated(uniform, [example(-1, Math.log(1 / 4))], clipping)
  expect(report.kl).toBeCloseTo(1 - Math.LN2, 6)
  expect(report.logprobDifference).toBeCloseTo(Math.LN2, 6)
})

test('without a trained token nothing changes', () => {
  const { model, report } = updated(uniform, [example(0)], plain)
  expect(model).toBe(uniform)
  expect(report).toMatchObject({ tokens: 0, loss: 0, gradientNorm: 0, entropy: 0 })
})

test('the gradient is the slope of the loss, by central differences', () => {
  const logits = Float64Array.of(0.3, -0.2, 0.1, 0.7)
  const examples = [example(0.5, Math.log(0.45)), { ...example(-2), tokens: Int32Array.of(1, 1), logprobs: Float32Array.of(0, -0.4) }]
  const lossAt = (at: number, by: number): number =>
    updated({ ...uniform, logits: logits.map((logit, i) => (i === at ? logit + by : logit)) }, examples, clipping).report.loss
  const slopes = Array.from(logits, (_, i) => (lossAt(i, 1e-5) - lossAt(i, -1e-5)) / 2e-5)
  const { model } = updated({ ...uniform, logits }, examples, { ...clipping, beta1: 0 }) // then the first moment is the gradient
  slopes.forEach((slope, i) => expect(model.first[i]).toBeCloseTo(slope, 8))
})

test('divergence: the teacher speaks behind its own prompt, and the report is by hand', () => {
  // after token 0: 1/2 and 1/2; after token 1: 4/5 and 1/5. The teacher's prompt ends with token 1.
  const model = { ...uniform, logits: Float64Array.of(0, 0, Math.log(4), 0) }
  const objective = { kind: 'divergence', direction: 'forward', cap: Infinity, teacher: 0 as PolicyVersion } as const
  const taught = { ...example(2, Math.log(1 / 4)), teacherPrompt: Int32Array.of(0, 1) }
  const { model: after, report } = updated(model, [taught], { ...plain, objective })
  const divergence = 0.8 * Math.log(1.6) + 0.2 * Math.log(0.4)
  expect(report).toMatchObject({ tokens: 1, clipShare: 0, entropy: Math.LN2 })
  expect(report.loss).toBeCloseTo(2 * divergence, 7)
  expect(report.divergence).toBeCloseTo(divergence, 7)
  expect(report.logprobDifference).toBeCloseTo(Math.LN2, 6) // 1/2 against 1/4
  expect(report.gradientNorm).toBeCloseTo(2 * 0.3 * Math.SQRT2, 7) // 2 * (-0.3, 0.3)
  expect(Array.from(after.logits, (logit) => Number(logit.toFixed(9)))).toEqual([0.1, -0.1, Number(Math.log(4).toFixed(9)), 0])
  const capped = updated(model, [taught], { ...plain, objective: { ...objective, cap: 0.05 } }).report
  expect(capped.loss).toBeCloseTo(2 * (0.05 + 0.2 * Math.log(0.4)), 7)
  expect(capped).toMatchObject({ clipShare: 1, divergence: report.divergence })
})
