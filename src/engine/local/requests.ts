/** What is asked of the engine, checked at its door: a bad token id would otherwise fail deep inside a kernel, without a name. */
import { EngineError } from '../../errors.ts'
import type { ModelConfig } from '../../model/config.ts'
import type { Example } from '../../types.ts'
import type { Trainer } from '../engine.ts'
import { teachersView } from './packing.ts'

/** What the engine can minimize. */
export const objectives: Trainer['objectives'] = ['policy-gradient', 'likelihood', 'divergence']

/** Throws EngineError for an id outside the vocabulary or a sequence longer than the model's context. `subject` names the sequence. */
export function checkTokens(subject: string, tokens: Int32Array, { vocabularySize, contextLength }: ModelConfig): void {
  if (tokens.length > contextLength)
    throw new EngineError(`${subject}: ${tokens.length} tokens, the model's context holds ${contextLength}`)
  const wrong = tokens.find((token) => token < 0 || token >= vocabularySize)
  if (wrong !== undefined) throw new EngineError(`${subject}: token ${wrong}, the model's vocabulary has ${vocabularySize}`)
}

/** A prompt must leave room for one token of an answer. */
export function checkPrompt(subject: string, prompt: Int32Array, config: ModelConfig): void {
  if (prompt.length === 0) throw new EngineError(`${subject}: is empty, an answer needs at least one token before it`)
  checkTokens(subject, prompt, { ...config, contextLength: config.contextLength - 1 })
}

/** A training sequence, also as the teacher of a divergence would see it. */
export function checkExample(example: Example, config: ModelConfig): void {
  const subject = `example ${example.id}`
  checkTokens(subject, example.tokens, config)
  if (example.teacherPrompt === undefined) return
  if (example.teacherPrompt.length === 0)
    throw new EngineError(`${subject}: its teacher's prompt is empty, an answer needs at least one token before it`)
  checkTokens(`${subject} behind its teacher's prompt`, teachersView(example).tokens, config)
}
