/**
 * The smallest model that can learn: a table of logits in which the next token depends on the one before it. Gradients are the
 * textbook ones, in double precision, so that a test can follow every number by hand. V is the vocabulary.
 */
import { EngineError } from '../errors.ts'
import type { Example } from '../types.ts'
import { entropyOf, logSoftmax } from './distribution.ts'
import { divergenceOf } from './divergence.ts'
import type { Divergence, Objective, StepReport, Update } from './engine.ts'
import { type Figures, reportOf } from './step-figures.ts'

/** The table and what AdamW remembers of it. */
export interface Bigram {
  readonly vocabularySize: number
  readonly logits: Float64Array // [V, V], row = the token before
  readonly first: Float64Array // [V, V], AdamW's first moment
  readonly second: Float64Array // [V, V], and second
  readonly updates: number
}

/** The row of logits [V] after a token. */
export function logitsAfter(
  { vocabularySize, logits }: Pick<Bigram, 'vocabularySize' | 'logits'>,
  token: number | undefined,
): Float64Array {
  if (token === undefined || !Number.isInteger(token) || token < 0 || token >= vocabularySize) {
    throw new EngineError(`bigram: token ${token} is none of ${vocabularySize}`)
  }
  return logits.subarray(token * vocabularySize, (token + 1) * vocabularySize)
}

/**
 * One update, as engine.ts defines it; `teacher` is whom a divergence names. Without a trained token nothing changes. Throws EngineError
 * when the loss or its gradient is not finite.
 */
export function updated(
  model: Bigram,
  examples: readonly Example[],
  update: Update,
  teacher: Bigram = model,
): { readonly model: Bigram; readonly report: StepReport } {
  const { objective } = update
  const gradient = new Float64Array(model.logits.length)
  const sums = { tokens: 0, loss: 0, clipped: 0, kl: 0, entropy: 0, difference: 0, divergence: 0 }
  for (const example of examples) {
    for (let t = Math.max(1, example.promptLength); t < example.tokens.length; t++) {
      if (example.advantages[t] !== 0) addToken(model, { example, t, objective, teacher, gradient, sums })
    }
  }
  const gradientNorm = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0))
  const report = reportOf(objective, sums, gradientNorm)
  return { model: sums.tokens === 0 ? model : adamw(model, gradient, update, gradientNorm), report }
}

interface TokenSums {
  readonly example: Example
  readonly t: number
  readonly objective: Objective
  readonly teacher: Bigram
  readonly gradient: Float64Array
  readonly sums: { -readonly [name in keyof Figures]: number }
}

/** Adds one token's loss and its gradient. */
function addToken(model: Bigram, { example, t, objective, teacher, gradient, sums }: TokenSums): void {
  const before = example.tokens[t - 1]!
  const token = example.tokens[t]!
  const advantage = example.advantages[t]!
  const logprobs = logSoftmax(logitsAfter(model, before))
  const logRatio = objective.kind === 'likelihood' ? 0 : logprobs[token]! - example.logprobs[t]!
  const part =
    objective.kind === 'divergence'
      ? taught(logSoftmax(logitsAfter(teacher, beforeTeacher(example, t))), logprobs, { advantage, objective })
      : credited(logprobs, token, tokenObjective(objective, { logprob: logprobs[token]!, logRatio, advantage }))
  sums.tokens++
  sums.loss += part.loss
  sums.clipped += part.clipped ? 1 : 0
  sums.kl += Math.exp(logRatio) - 1 - logRatio
  sums.entropy += entropyOf(logprobs)
  sums.difference += Math.abs(logRatio)
  sums.divergence += part.divergence
  part.gradient.forEach((value, v) => (gradient[before * model.vocabularySize + v]! += value))
}

/** What one token adds. */
interface TokenPart {
  readonly loss: number
  readonly gradient: Float64Array // [V], by the logits that it is drawn from
  readonly clipped: boolean
  readonly divergence: number
}

/** d log p / d logits = onehot - p, times minus the credit. */
function credited(logprobs: Float64Array, token: number, { credit, ...rest }: ReturnType<typeof tokenObjective>): TokenPart {
  return { ...rest, gradient: logprobs.map((logprob, v) => -credit * ((v === token ? 1 : 0) - Math.exp(logprob))), divergence: 0 }
}

function taught(
  teacher: Float64Array,
  student: Float64Array,
  { advantage, objective }: { advantage: number; objective: Divergence },
): TokenPart {
  const { capped, whole, gradient } = divergenceOf(teacher, student, objective)
  return { loss: advantage * capped, gradient: gradient.map((value) => advantage * value), clipped: capped < whole, divergence: whole }
}

/** The token that the teacher sees before token t. */
function beforeTeacher({ tokens, promptLength, teacherPrompt }: Example, t: number): number | undefined {
  return teacherPrompt !== undefined && t === promptLength ? teacherPrompt.at(-1) : tokens[t - 1]
}

/** The loss of one token, and minus its derivative by the log-probability. */
function tokenObjective(
  objective: Exclude<Objective, Divergence>,
  { logprob, logRatio, advantage }: { logprob: number; logRatio: number; advantage: number },
): { loss: number; credit: number; clipped: boolean } {
  if (objective.kind === 'likelihood') return { loss: -advantage * logprob, credit: advantage, clipped: false }
  const ratio = Math.exp(logRatio)
  const bounded = Math.min(Math.max(ratio, 1 - objective.clipLow), 1 + objective.clipHigh)
  const clipped = bounded * advantage < ratio * advantage
  return { loss: -(clipped ? bounded : ratio) * advantage, credit: clipped ? 0 : ratio * advantage, clipped }
}

function adamw(model: Bigram, gradient: Float64Array, update: Update, gradientNorm: number): Bigram {
  const { learningRate, beta1, beta2, epsilon, weightDecay, maxGradientNorm } = update
  const scale = gradientNorm > maxGradientNorm ? maxGradientNorm / gradientNorm : 1
  const updates = model.updates + 1
  const first = model.first.map((m, i) => beta1 * m + (1 - beta1) * scale * gradient[i]!)
  const second = model.second.map((v, i) => beta2 * v + (1 - beta2) * (scale * gradient[i]!) ** 2)
  const logits = model.logits.map((w, i) => {
    const m = first[i]! / (1 - beta1 ** updates)
    const v = second[i]! / (1 - beta2 ** updates)
    return w - learningRate * (m / (Math.sqrt(v) + epsilon) + weightDecay * w)
  })
  return { ...model, logits, first, second, updates }
}
