/**
 * How much memory a run takes at its peak: an update's, or that of sampling attempts, replies or an evaluation. Pure; by the engine's own
 * estimates (engine/local/memory.ts).
 */
import type { Config } from '../config/config.ts'
import {
  activationBytes,
  binSize,
  keptLayers,
  LARGE_BYTES,
  mostRows,
  rowBytes,
  type RowSize,
  type StreamSize,
  weightBytes,
} from '../engine/local/memory.ts'
import { laneCount } from '../engine/local/lanes.ts'
import { UNIT_TOKENS } from '../engine/local/packing.ts'
import { CHUNK_LOGITS } from '../engine/local/rows.ts'
import type { ModelConfig } from '../model/config.ts'
import { constructionsOf, keepsInitial, type Lengths, longestAnswer, teachesWhileTraining, trainedTokens } from './workload.ts'

const BASE_BYTES = 2e8 // the process, the runtime and its kernels
const NUMBER = 4 // bytes, in F32
const LANE_BYTES = 8e7 // a thread that computes, with its own graphs
const HELD = 1.2 // memory that the runtime holds for each byte of activations
const KINDS = { one: 4, two: 10 } // of such arrays at once, where the loss has one distribution or two

/** Bytes at the peak. Gradients are gone before anything is sampled, and so are large activations; small ones stay. */
export function peakBytes(config: Config, model: ModelConfig, lengths: Lengths, threads: number): number {
  const lanes = laneCount(model, threads)
  const weights = weightBytes(model)
  const { activations, gradients } = binOf(config, model, lengths, lanes)
  const kinds = teachesWhileTraining(config.method) ? KINDS.two : KINDS.one
  const logits = kinds * NUMBER * Math.min(CHUNK_LOGITS, model.vocabularySize * binSize(model).tokens)
  const training = lanes * (HELD * activations + logits)
  const update = weights + gradients * weights + training
  const cache = cacheBytes(config, model, lengths)
  const sampling = cache === 0 ? 0 : lanes * 2 * weights + (lanes - 1) * LANE_BYTES + cache // weights as they are, and packed
  const staying = activations < LARGE_BYTES ? training : 0
  const kept = keepsInitial(config.method) ? 4 : 3 // weights and two moments, and the weights of the start
  return BASE_BYTES + kept * weights + Math.max(update, sampling + staying)
}

/** What a bin keeps until its gradient, and how many gradients as large as the model there are at once. */
interface Bin {
  readonly activations: number // bytes
  readonly gradients: number
}

/** As many layers as the limit allows keep everything, and the others their inputs; one of those is computed again at a time. */
function binOf(config: Config, model: ModelConfig, lengths: Lengths, lanes: number): Bin {
  const { engine, rollout } = config
  const trained = trainedTokens(config, lengths)
  if (trained === 0) return { activations: 0, gradients: 0 }
  const { prompt, answer } = lengths
  const all = trained + rollout.problems * prompt
  const unit = prompt + Math.min(trained / rollout.problems, Math.max(answer, UNIT_TOKENS - prompt))
  const bin = streamOf(config, lengths, Math.min(all, Math.max(binSize(model).tokens, unit)))
  const sums = bin.tokens < all ? 1 : 0 // of the bins so far
  const kept = keptLayers(model, bin, (engine.activationMb * 1e6) / lanes)
  const again = model.layers - kept // layers, one at a time
  const activations = activationBytes(model, bin, again === 0 ? kept : kept + 1) + NUMBER * again * bin.tokens * model.hiddenSize
  return { activations, gradients: sums + lanes * (1 + kept / model.layers) } // a bin's, and those of the layers that are kept while they are copied
}

/** A prompt is a row of attention too, unless it has one answer, which is then one row with it. */
function streamOf(config: Config, lengths: Lengths, tokens: number): StreamSize {
  const { prompt, answer } = lengths
  const { problems, maxTokens } = config.rollout
  const answers = trainedTokens(config, lengths) / answer / problems // to each prompt
  const units = tokens / (prompt + answers * answer)
  const longest = longestAnswer(answer, maxTokens)
  return answers > 1
    ? { tokens, rows: { length: units * (1 + answers) }, width: Math.max(prompt, longest), contextWidth: prompt }
    : { tokens, rows: { length: units }, width: prompt + longest, contextWidth: 0 }
}

/** Keys, values and logits of the most that is sampled at once: rows for as many answers of the longest kind as fit, in the length that is likely. */
function cacheBytes(config: Config, model: ModelConfig, { prompt, answer }: Lengths): number {
  const { rollout, evaluation, method, engine } = config
  const { maxTokens } = rollout
  const draws = [
    { rows: rollout.problems * rollout.groupSize, count: rollout.groupSize, longestPrompt: prompt, answer, maxTokens },
    ...(evaluation.everySteps > 0
      ? [{ rows: evaluation.problems * evaluation.samples, count: evaluation.samples, longestPrompt: prompt, answer, maxTokens }]
      : []),
    ...('reply' in method ? [repliesOf(config, method.reply.lengthFactor * maxTokens, { prompt, answer })] : []),
  ]
  const sizes = draws.map((most) => {
    const likely = { ...most, maxTokens: longestAnswer(most.answer, most.maxTokens) }
    return most.rows === 0 ? 0 : Math.min(most.rows, mostRows(model, most, engine.cacheMb * 1e6)) * rowBytes(model, likely)
  })
  return Math.max(...sizes)
}

/** The draw of a step's synthesis replies. */
function repliesOf(
  config: Config,
  maxTokens: number,
  { prompt, answer }: Lengths,
): RowSize & { readonly rows: number; readonly answer: number } {
  return { rows: constructionsOf(config), count: 1, longestPrompt: prompt + 2 * answer, answer: 2 * answer, maxTokens }
}
