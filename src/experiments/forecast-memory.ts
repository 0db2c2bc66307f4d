/**
 * How much memory a run takes at its peak: an update's, or that of sampling attempts, replies or an evaluation. Pure; by the engine's own
 * estimates (engine/local/memory.ts).
 */
import type { Config } from '../config/config.ts'
import { activationBytes, LARGE_BYTES, layerBytes, mostRows, rowBytes, type StreamSize } from '../engine/local/memory.ts'
import type { ModelConfig } from '../model/config.ts'
import { constructionsOf, type Lengths, longestAnswer, trainedTokens } from './workload.ts'

const BASE_BYTES = 2e8 // the process, the runtime and its kernels
const NUMBER = 4 // bytes, in F32
const HELD = 1.2 // memory that the runtime holds for each byte of activations
const GROWN = 1.7 // a cache that grows stands beside what it grew from
const LOGITS = 4 * 16e6 * NUMBER // four kinds at once of a chunk, where the vocabulary is large enough to fill one

/** Bytes at the peak. Large activations are given back before anything is sampled; small ones stay. */
export function peakBytes(config: Config, model: ModelConfig, lengths: Lengths, parameters: number): number {
  const activations = HELD * keptBytes(config, model, lengths)
  const logits = Math.min(LOGITS, 4 * NUMBER * model.vocabularySize * config.engine.microBatchTokens)
  const update = 2 * NUMBER * parameters + activations + logits // gradients so far, before and after a micro-batch
  const sampling = 2 * NUMBER * parameters + cacheBytes(config, model, lengths) // weights as they are, and packed
  const together = activations < HELD * LARGE_BYTES ? update + sampling : Math.max(update, sampling)
  return BASE_BYTES + 3 * NUMBER * parameters + together // weights and two moments
}

/** What a micro-batch keeps until its gradient: all layers, or the inputs of all and the activations of one. */
function keptBytes(config: Config, model: ModelConfig, lengths: Lengths): number {
  const { engine, rollout } = config
  const { prompt, answer } = lengths
  const trained = trainedTokens(config, lengths)
  if (trained === 0) return 0
  const tokens = Math.min(engine.microBatchTokens, trained + rollout.problems * prompt)
  const answers = trained / answer / rollout.problems // to each prompt
  const units = tokens / (prompt + answers * answer)
  const stream: StreamSize = {
    tokens,
    rows: { length: units * (1 + answers) }, // the prompt is a row of attention too
    width: Math.max(prompt, longestAnswer(answer, rollout.maxTokens)),
    contextWidth: prompt,
  }
  const whole = activationBytes(model, stream)
  return whole <= engine.activationMb * 1e6 ? whole : layerBytes(model, stream) + NUMBER * model.layers * tokens * model.hiddenSize
}

/** Keys, values and logits of the most that is sampled at once. */
function cacheBytes(config: Config, model: ModelConfig, { prompt, answer }: Lengths): number {
  const { rollout, evaluation, method, engine } = config
  const { maxTokens } = rollout
  const draws = [
    { rows: rollout.problems * rollout.groupSize, count: rollout.groupSize, longestPrompt: prompt, maxTokens },
    ...(evaluation.everySteps > 0
      ? [{ rows: evaluation.problems * evaluation.samples, count: evaluation.samples, longestPrompt: prompt, maxTokens }]
      : []),
    ...(method.kind === 'tapo'
      ? [{ rows: constructionsOf(config), count: 1, longestPrompt: prompt + 2 * answer, maxTokens: method.reply.lengthFactor * maxTokens }]
      : []),
  ]
  const sizes = draws.map(({ rows, ...size }) =>
    rows === 0 ? 0 : Math.min(rows, mostRows(model, size, engine.cacheMb * 1e6)) * rowBytes(model, size),
  )
  return GROWN * Math.max(...sizes)
}
