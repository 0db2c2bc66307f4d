/** Which problems are too long for the model, known before anything is asked: the prompt and the longest answer must fit into its context. */
import { DataError, UsageError } from '../errors.ts'
import { noRoom } from '../rollout/no-room.ts'
import type { Misfit } from '../tasks/task.ts'
import type { Model } from './model.ts'

/** UsageError where no prompt at all would fit. */
export function refuseNoRoom({ modelConfig: { contextLength } }: Model, maxTokens: number): void {
  if (maxTokens < contextLength) return
  throw new UsageError(`rollout.maxTokens: ${maxTokens} leaves no room for a prompt in the model's context of ${contextLength}; lower it`)
}

/**
 * What is wrong with the message that asks a problem. Few messages are tokenized: a token has at least one byte, so that a message can only be too
 * long where its bytes and the template's tokens are, and no template has more tokens than the shortest prompt. (A template that says a message
 * twice, or a normalization that makes characters of one, could deceive this; ../rollout/attempt.ts has the last word.)
 */
export function misfits({ tokenizer, modelConfig: { contextLength } }: Model, maxTokens: number): Misfit {
  const room = contextLength - maxTokens
  let shortest = Infinity
  return (message): string | undefined => {
    if (Buffer.byteLength(message) + shortest <= room) return undefined
    try {
      const { length } = tokenizer.prompt(message)
      shortest = Math.min(shortest, length)
      return noRoom(length, { maxTokens, contextLength })
    } catch (cause) {
      if (cause instanceof DataError) return cause.message
      throw cause
    }
  }
}
