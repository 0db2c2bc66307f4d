import { expect, test } from 'vitest'
import { parseConfig } from '../config/parse.ts'
import type { ModelConfig } from '../model/config.ts'
import { forecast } from './forecast.ts'
import { freeBytes } from './machine.ts'

/** 1,088 weights: embedding 10 x 16, a layer of 4 x 256 in attention less its halves, 3 x 16 x 8, norms. */
const model: ModelConfig = {
  architecture: 'llama',
  vocabularySize: 10,
  hiddenSize: 16,
  layers: 1,
  heads: 1,
  kvHeads: 1,
  headSize: 8,
  feedForwardSize: 8,
  contextLength: 64,
  normEpsilon: 1e-5,
  rope: { theta: 10_000 },
  attentionBias: false,
  queryKeyNorm: false,
  tiedEmbeddings: true,
  endTokens: [1],
}
const lengths = { prompt: 20, answer: 10 }
const grpo = parseConfig({
  method: { kind: 'grpo' },
  rollout: { problems: 4, groupSize: 8, maxTokens: 10 },
  steps: 100,
  saveEverySteps: 50,
})

test('parameters are counted with norms and the tied embedding once', () => {
  const [embedding, attention, feedForward, norms] = [160, 4 * 16 * 8, 3 * 16 * 8, 3 * 16]
  expect(forecast(grpo, model, lengths, 1e9).parameters).toBe(embedding + attention + feedForward + norms)
})

test('an update of dense attempts costs three forward passes', () => {
  const layers = 2 * (4 * 16 * 8 + 3 * 16 * 8)
  const head = 2 * 10 * 16
  const answers = 4 * 8 * 10 * (layers + head + 4 * 8 * 25)
  const prompts = 4 * 20 * (layers + 4 * 8 * 10)
  const { seconds } = forecast(grpo, model, lengths, 1e6)
  expect(seconds.update).toBeCloseTo((3 * (answers + prompts)) / 0.55 / 1e6, 9)
  expect(seconds.method).toBe(0)
  expect(seconds.total).toBe(seconds.rollout + seconds.update)
})

test('twice the speed is half the time, and constructions and samples cost', () => {
  const [slow, fast] = [forecast(grpo, model, lengths, 1e6), forecast(grpo, model, lengths, 2e6)]
  expect(fast.seconds.total).toBeCloseTo(slow.seconds.total / 2, 12)
  const tapo = parseConfig({ rollout: { problems: 4, groupSize: 8, maxTokens: 10 } })
  expect(forecast(tapo, model, lengths, 1e6).seconds.method).toBeGreaterThan(0)
  const warmup = parseConfig({ method: { kind: 'sft', corrections: false, reflections: false }, rollout: { groupSize: 0, problems: 4 } })
  expect(forecast(warmup, model, lengths, 1e6).seconds.rollout).toBe(0)
})

test('the disk holds two checkpoints of weights and two moments, and the rollouts', () => {
  const { diskMb, parameters } = forecast(grpo, model, lengths, 1e9)
  expect(diskMb).toBeCloseTo((2 * 12 * parameters + 100 * 32 * 30 * 30) / 1e6, 9)
})

test('memory is bounded by the settings that bound it', () => {
  const large = { ...model, hiddenSize: 1024, feedForwardSize: 4096, layers: 24, heads: 16, kvHeads: 16, headSize: 64 }
  const long = { prompt: 500, answer: 1000 }
  const peak = (activationMb: number): number => forecast({ ...grpo, engine: { ...grpo.engine, activationMb } }, large, long, 1e9).peakMb
  expect(peak(1000) - peak(500)).toBeCloseTo(500, 6)
})

test('free room is that of the nearest folder that is there', () => {
  expect(freeBytes('no/such/folder')).toBe(freeBytes('.'))
})
