/**
 * How long a step and an evaluation take: floating-point operations at a share of the machine's peak, bytes that decoding reads, and what
 * costs time whatever the model's size. Pure; the constants are read off runs (forecast.ts says how far they carry).
 */
import type { Config } from '../config/config.ts'
import { binSize, mostRows, parameterCount, weightBytes } from '../engine/local/memory.ts'
import type { ModelConfig } from '../model/config.ts'
import { attemptedProblems, constructionsOf, type Lengths, longestAnswer, teachesWhileTraining, trainedTokens } from './workload.ts'

/** Seconds of one step, by its parts, and of one evaluation. */
export interface Seconds {
  readonly rollout: number
  readonly method: number
  readonly update: number
  readonly total: number
  readonly evaluation: number
}

const EFFICIENCY = { decode: 0.65, forward: 0.75, train: 0.5 } // shares of the machine's peak that products reach
const BANDWIDTH = 8e9 // bytes a second: decoding reads all weights for every token, and all keys and values of its row

/** Seconds besides. */
const OVERHEAD = {
  decodingLayer: 0.15e-3, // of a layer, for each token that the longest answer has
  trainingLayer: 4e-3, // of a layer, for each bin
  packedWeight: 4.5e-9, // of a weight, before anything is sampled
  updatedWeight: 8e-9, // of a weight, by the optimizer
}

/** `speed` in floating-point operations per second. */
export function secondsOf(config: Config, model: ModelConfig, lengths: Lengths, speed: number): Seconds {
  const { groupSize, maxTokens } = config.rollout
  const sampled = (prompts: number, count: number): number => sampleSeconds(config, model, { prompts, count, lengths, maxTokens }, speed)
  const rollout = sampled(attemptedProblems(config), groupSize)
  const method = methodSeconds(config, model, lengths, speed)
  const update = updateSeconds(config, model, lengths, speed)
  const { problems: asked, samples, greedy, everySteps } = config.evaluation
  const evaluation = everySteps === 0 ? 0 : sampled(asked, samples) + (greedy ? sampled(asked, 1) : 0)
  return { rollout, method, update, total: rollout + method + update, evaluation }
}

/** `count` answers to each of so many prompts. */
interface Draw {
  readonly prompts: number
  readonly count: number
  readonly lengths: Lengths
  readonly maxTokens: number
}

function sampleSeconds(config: Config, model: ModelConfig, { prompts, count, lengths, maxTokens }: Draw, speed: number): number {
  const rows = prompts * count
  if (rows === 0) return 0
  const { prompt, answer } = lengths
  const longest = longestAnswer(answer, maxTokens)
  const atOnce = mostRows(model, { maxTokens, longestPrompt: prompt, count }, config.engine.cacheMb * 1e6)
  const steps = longest + Math.max(0, rows / atOnce - 1) * answer // a row that ends makes room for the next
  const decoded = rows * answer * tokenFlops(model, prompt + answer / 2)
  const prefilled = prompts * prompt * (tokenFlops(model, prompt / 2) - headFlops(model)) // no logits on prompts
  const tokenBytes = 8 * model.layers * model.kvHeads * model.headSize
  const read = rows * answer * tokenBytes * (prompt / count + longest) + steps * weightBytes(model)
  return (
    (decoded / EFFICIENCY.decode + prefilled / EFFICIENCY.forward) / speed +
    read / BANDWIDTH +
    steps * model.layers * OVERHEAD.decodingLayer +
    parameterCount(model) * OVERHEAD.packedWeight
  )
}

/** A teacher that reads the attempts, each prompt with its solution once. */
function teacherSeconds({ rollout }: Config, model: ModelConfig, { prompt, answer }: Lengths, speed: number): number {
  const taught = rollout.problems * (prompt + answer + rollout.groupSize * answer)
  return (taught * tokenFlops(model, prompt + 1.5 * answer)) / EFFICIENCY.forward / speed
}

/** The replies of the synthesis calls and the scores of what was constructed from them; or a teacher's scores of the attempts. */
function methodSeconds(config: Config, model: ModelConfig, lengths: Lengths, speed: number): number {
  const { method, rollout } = config
  const { prompt, answer } = lengths
  const constructions = constructionsOf(config)
  if ('teacher' in method) return teachesWhileTraining(method) ? 0 : teacherSeconds(config, model, lengths, speed)
  if (!('reply' in method) || constructions === 0) return 0
  const draw = {
    prompts: constructions,
    count: 1,
    lengths: { prompt: prompt + 2 * answer, answer: 2 * answer },
    maxTokens: method.reply.lengthFactor * rollout.maxTokens,
  }
  const scored = constructions * (2 * prompt + 3 * answer) * tokenFlops(model, prompt + answer)
  return sampleSeconds(config, model, draw, speed) + scored / EFFICIENCY.forward / speed
}

function updateSeconds(config: Config, model: ModelConfig, lengths: Lengths, speed: number): number {
  const { prompt, answer } = lengths
  const taught = teachesWhileTraining(config.method) ? teacherSeconds(config, model, lengths, speed) : 0
  const trained = trainedTokens(config, lengths)
  const prompts = config.rollout.problems * prompt
  const flops = 3 * (trained * tokenFlops(model, prompt + answer / 2) + prompts * (tokenFlops(model, prompt / 2) - headFlops(model)))
  const bins = Math.ceil((trained + prompts) / binSize(model).tokens)
  return (
    taught +
    flops / EFFICIENCY.train / speed +
    bins * model.layers * OVERHEAD.trainingLayer +
    parameterCount(model) * OVERHEAD.updatedWeight
  )
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
