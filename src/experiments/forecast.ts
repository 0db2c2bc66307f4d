/**
 * What a run will need, before it is started: memory at its peak, seconds for a step, bytes on the disk. Sums over the model's shape, the
 * configuration and a few problems; estimates, good to about a factor of one and a half. Pure.
 */
import type { Config } from '../config/config.ts'
import { type ModelConfig, parameterShapes } from '../model/config.ts'

/** Tokens, as means over some problems. */
export interface Lengths {
  readonly prompt: number
  readonly answer: number // of the worked solution, else half the limit; at most the limit
}

export interface Forecast {
  readonly parameters: number
  readonly lengths: Lengths
  readonly peakMb: number
  readonly seconds: { readonly rollout: number; readonly method: number; readonly update: number; readonly total: number } // of a step
  readonly diskMb: number // checkpoints and rollouts of the whole run
}

/** Shares of the machine's peak that the engine reaches; decoding is bound by memory, the more so with few rows. */
const EFFICIENCY = { decode: 0.25, forward: 0.5, train: 0.55 }
const BASE_MB = 250 // the process, the runtime and its kernels
const BYTES = 4 // of a number in F32
const ELIGIBLE_SHARE = 0.25 // of the groups get constructions, in a forecast

/** `speed` in floating-point operations per second. */
export function forecast(config: Config, model: ModelConfig, lengths: Lengths, speed: number): Forecast {
  const parameters = [...parameterShapes(model).values()].reduce(
    (sum, shape) => sum + shape.reduce((product, size) => product * size, 1),
    0,
  )
  const seconds = stepSeconds(config, model, lengths, speed)
  return {
    parameters,
    lengths,
    peakMb: BASE_MB + Math.max(updateBytes(config, model, lengths, parameters), rolloutBytes(config, model, lengths, parameters)) / 1e6,
    seconds,
    diskMb: diskBytes(config, lengths, parameters) / 1e6,
  }
}

function stepSeconds(config: Config, model: ModelConfig, lengths: Lengths, speed: number): Forecast['seconds'] {
  const { problems, groupSize } = config.rollout
  const constructions = constructionsOf(config)
  const sampled = problems * groupSize * lengths.answer
  const flops = (tokens: number, positions: number): number => tokens * tokenFlops(model, positions)
  const reply = 2 * lengths.answer
  const prompts = problems * lengths.prompt * (tokenFlops(model, lengths.prompt / 2) - headFlops(model)) // no logits on prompts
  const rollout = flops(sampled, lengths.prompt + lengths.answer / 2) / EFFICIENCY.decode + prompts / EFFICIENCY.forward
  const replies = flops(constructions * reply, lengths.prompt + 2 * lengths.answer + reply / 2) / EFFICIENCY.decode
  const scores =
    flops(constructions * (lengths.prompt + 3 * lengths.answer + lengths.prompt), lengths.prompt + lengths.answer) / EFFICIENCY.forward
  const trained = trainedTokens(config, lengths)
  const update = (3 * (flops(trained, lengths.prompt + lengths.answer / 2) + prompts)) / EFFICIENCY.train
  const parts = { rollout: groupSize === 0 ? 0 : rollout / speed, method: (replies + scores) / speed, update: update / speed }
  return { ...parts, total: parts.rollout + parts.method + parts.update }
}

/** Forward, of one token that attends to `positions`: 2 for each weight in a matrix, the head included, and attention itself. */
function tokenFlops(model: ModelConfig, positions: number): number {
  const { hiddenSize, layers, heads, kvHeads, headSize, feedForwardSize } = model
  const layer = hiddenSize * headSize * (2 * heads + 2 * kvHeads) + 3 * hiddenSize * feedForwardSize
  return 2 * layers * layer + headFlops(model) + 4 * layers * heads * headSize * positions
}

function headFlops({ vocabularySize, hiddenSize }: ModelConfig): number {
  return 2 * vocabularySize * hiddenSize
}

function constructionsOf({ method, rollout }: Config): number {
  return method.kind === 'tapo' ? ELIGIBLE_SHARE * rollout.problems * method.zone.maxConstructions : 0
}

/** Answer tokens with a gradient. Demonstrations: a solution, a correction and a reply of each problem, as far as they are asked for. */
function trainedTokens(config: Config, { answer }: Lengths): number {
  const { method, rollout } = config
  if (method.kind !== 'sft') return (rollout.problems * rollout.groupSize + constructionsOf(config) * 2) * answer
  const corrected = method.correctionsPerProblem * ((method.corrections ? 1.5 : 0) + (method.reflections ? 2.5 : 0))
  return rollout.problems * ((method.solutions ? 1 : 0) + corrected) * answer
}

/** Weights, gradient, two moments, and what a micro-batch keeps until its gradient. */
function updateBytes(config: Config, model: ModelConfig, lengths: Lengths, parameters: number): number {
  const { engine } = config
  const { prompt, answer } = lengths
  const { hiddenSize, heads, kvHeads, headSize, feedForwardSize, layers, vocabularySize } = model
  const perToken = 8 * hiddenSize + 4 * heads * headSize + 4 * kvHeads * headSize + 5 * feedForwardSize
  const attention = heads * 2 * (prompt + answer)
  const tokens = Math.min(engine.microBatchTokens, trainedTokens(config, lengths) + config.rollout.problems * prompt)
  const kept = Math.min(engine.activationMb * 1e6, BYTES * layers * tokens * (perToken + attention))
  const head = BYTES * 2 * vocabularySize * (hiddenSize + 256)
  return 5 * BYTES * parameters + kept + head
}

/** Weights twice (once packed for decoding), two moments, and the cache. */
function rolloutBytes(
  { engine, rollout }: Config,
  { layers, kvHeads, headSize }: ModelConfig,
  lengths: Lengths,
  parameters: number,
): number {
  const rows = rollout.problems * Math.max(1, rollout.groupSize)
  const cache = BYTES * 2 * layers * kvHeads * headSize * rows * (lengths.answer + lengths.prompt / Math.max(1, rollout.groupSize))
  return 4 * BYTES * parameters + Math.min(engine.cacheMb * 1e6, cache)
}

/** A checkpoint holds weights and two moments; a step's file about thirty bytes a token. */
function diskBytes({ steps, saveEverySteps, rollout }: Config, { prompt, answer }: Lengths, parameters: number): number {
  const checkpoints = saveEverySteps === 0 ? 1 : Math.ceil(steps / saveEverySteps)
  return checkpoints * 3 * BYTES * parameters + steps * rollout.problems * Math.max(1, rollout.groupSize) * (prompt + answer) * 30
}
