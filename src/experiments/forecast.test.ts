import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Config } from '../config/config.ts'
import { parseConfig } from '../config/parse.ts'
import { readConfig } from '../model/config-file.ts'
import type { ModelConfig } from '../model/config.ts'
import { smallest } from '../model/fixtures/smallest.ts'
import { forecast, type Machine } from './forecast.ts'
import { gsm8kWarmup } from './gsm8k.ts'
import { freeBytes } from './machine.ts'
import { quick } from './quick.ts'

/** 1,088 weights: embedding 10 x 16, a layer of 4 x 256 in attention less its halves, 3 x 16 x 8, norms. */
const model: ModelConfig = { ...smallest, hiddenSize: 16, headSize: 8 }
const smollm2: ModelConfig = {
  ...model,
  vocabularySize: 49_152,
  hiddenSize: 576,
  layers: 30,
  heads: 9,
  kvHeads: 3,
  headSize: 64,
  feedForwardSize: 1536,
  contextLength: 8192,
}
const lengths = { prompt: 20, answer: 10 }
const machine = (speed: number): Machine => ({ speed, threads: 2 })
const grpo = parseConfig({
  method: { kind: 'grpo' },
  rollout: { problems: 4, groupSize: 8, maxTokens: 10 },
  steps: 100,
  saveEverySteps: 50,
})
const speeds = [161e9, 205e9] // of the machine that the runs were measured on

test('parameters are counted with norms and the tied embedding once', () => {
  const [embedding, attention, feedForward, norms] = [160, 4 * 16 * 8, 3 * 16 * 8, 3 * 16]
  expect(forecast(grpo, model, lengths, machine(1e9)).parameters).toBe(embedding + attention + feedForward + norms)
})

test('an update of dense attempts costs three forward passes, its bin, and each weight', () => {
  const layers = 2 * (4 * 16 * 8 + 3 * 16 * 8)
  const head = 2 * 10 * 16
  const answers = 4 * 8 * 10 * (layers + head + 4 * 8 * 25)
  const prompts = 4 * 20 * (layers + 4 * 8 * 10)
  const { seconds, parameters } = forecast(grpo, model, lengths, machine(1e6))
  expect(seconds.update).toBeCloseTo((3 * (answers + prompts)) / 0.5 / 1e6 + 4e-3 + 8e-9 * parameters, 9)
  expect(seconds.method).toBe(0)
  expect(seconds.total).toBe(seconds.rollout + seconds.update)
})

test('twice the speed is half the time that products take, and constructions and samples cost', () => {
  const total = (speed: number): number => forecast(grpo, model, lengths, machine(speed)).seconds.total
  const besides = total(Infinity)
  expect(total(2e6) - besides).toBeCloseTo((total(1e6) - besides) / 2, 12)
  const tapo = parseConfig({ rollout: { problems: 4, groupSize: 8, maxTokens: 10 } })
  expect(forecast(tapo, model, lengths, machine(1e6)).seconds.method).toBeGreaterThan(0)
  const warmup = parseConfig({ method: { kind: 'sft', corrections: false, reflections: false }, rollout: { groupSize: 0, problems: 4 } })
  expect(forecast(warmup, model, lengths, machine(1e6)).seconds.rollout).toBe(0)
})

test("a teacher's reading costs time, before the update or in it, and the weights of the start cost their own size", () => {
  const taught = (teacher: 'fixed' | 'live', divergence: string = 'sampled') =>
    forecast(
      parseConfig({ method: { kind: 'opsd', teacher, divergence }, rollout: { problems: 4, groupSize: 8, maxTokens: 10 } }),
      model,
      lengths,
      machine(1e6),
    )
  const scored = 4 * (20 + 10 + 8 * 10) * (2 * (4 * 16 * 8 + 3 * 16 * 8) + 2 * 10 * 16 + 4 * 8 * 35)
  expect(taught('live').seconds.method).toBeCloseTo(scored / 0.75 / 1e6, 9)
  const whole = taught('live', 'forward')
  expect(whole.seconds.method).toBe(0)
  expect(whole.seconds.total).toBeCloseTo(taught('live').seconds.total, 9)
  expect((whole.peakMb - taught('live').peakMb) * 1e6).toBeCloseTo(6 * 4 * 10 * 2048, 3) // six arrays more, [tokens, vocabulary]
  expect((taught('fixed').peakMb - taught('live').peakMb) * 1e6).toBeCloseTo(4 * taught('live').parameters, 3)
})

test('an evaluation takes as long as its answers, the greedy ones among them, and nothing where there is none', () => {
  const evaluation = (changes: Partial<Config['evaluation']>): number =>
    forecast({ ...grpo, evaluation: { ...grpo.evaluation, ...changes } }, model, lengths, machine(1e6)).seconds.evaluation
  expect(evaluation({ everySteps: 0 })).toBe(0)
  expect(evaluation({ samples: 1, greedy: true })).toBeCloseTo(2 * evaluation({ samples: 1, greedy: false }), 12)
})

test('the disk holds two checkpoints of weights and two moments, and the rollouts', () => {
  const { diskMb, parameters } = forecast(grpo, model, lengths, machine(1e9))
  expect(diskMb).toBeCloseTo((2 * 12 * parameters + 100 * 32 * 30 * 30) / 1e6, 9)
})

test('memory is bounded by the settings that bound it', () => {
  const long = { prompt: 500, answer: 3000 }
  const peak = (engine: Partial<Config['engine']>, samples = 1): number => {
    const config = { ...grpo, engine: { ...grpo.engine, ...engine }, rollout: { ...grpo.rollout, maxTokens: 4000 } }
    return forecast({ ...config, evaluation: { ...config.evaluation, samples } }, smollm2, long, machine(1e9)).peakMb
  }
  const [few, many] = [1000, 100_000].map((activationMb) => peak({ activationMb, cacheMb: 500 })) as [number, number]
  expect(few).toBeLessThan(many / 2)
  expect(peak({ cacheMb: 8000, activationMb: 1000 }, 100) - peak({ cacheMb: 6000, activationMb: 1000 }, 100)).toBeCloseTo(2000, -3)
})

test('small activations stay while an evaluation samples, large ones are gone by then', () => {
  const peak = (shape: ModelConfig, evaluation: Partial<Config['evaluation']>): number =>
    forecast({ ...grpo, evaluation: { ...grpo.evaluation, ...evaluation } }, shape, { prompt: 100, answer: 60 }, machine(1e9)).peakMb
  expect(peak(model, { problems: 20 })).toBeGreaterThan(peak(model, { everySteps: 0 }))
  expect(peak(smollm2, { problems: 20 })).toBeLessThan(peak(smollm2, { everySteps: 0 }) + 500)
  expect(peak(smollm2, { problems: 4 })).toBe(peak(smollm2, { everySteps: 0 }))
})

test('two runs that were measured are forecast within a factor of 1.5', async () => {
  const starter = await readConfig(join(import.meta.dirname, '../../starter'))
  const warmup = gsm8kWarmup()
  const eight = { ...warmup, rollout: { ...warmup.rollout, problems: 8 }, evaluation: { ...warmup.evaluation, problems: 100, samples: 2 } }
  for (const speed of speeds) {
    const small = forecast(quick(), starter, { prompt: 27, answer: 51 }, machine(speed))
    const large = forecast(eight, smollm2, { prompt: 112, answer: 61 }, machine(speed))
    const pairs = [
      [small.seconds.rollout, 0.56],
      [small.seconds.method, 0.49],
      [small.seconds.update, 0.59],
      [small.seconds.evaluation, 6.4],
      [small.peakMb, 885],
      [large.seconds.update, 11.3],
      [large.seconds.evaluation, 87],
      [large.peakMb, 3788],
    ] as const
    for (const [said, was] of pairs) expect(Math.abs(Math.log(said / was))).toBeLessThan(Math.log(1.5))
  }
})

test('free room is that of the nearest folder that is there', () => {
  expect(freeBytes('no/such/folder')).toBe(freeBytes('.'))
})
