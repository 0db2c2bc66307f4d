import { expect, test } from 'vitest'
import { UsageError } from '../errors.ts'
import { misfits, refuseNoRoom } from './fit.ts'
import type { Model } from './model.ts'

/** A template of 10 tokens, and a token for each character. */
function model(contextLength: number, asked: string[] = []): Model {
  const prompt = (message: string): Int32Array => {
    asked.push(message)
    return new Int32Array(10 + message.length)
  }
  return { tokenizer: { prompt }, modelConfig: { contextLength } } as unknown as Model
}

test('a prompt fits where the longest answer to it does', () => {
  const misfit = misfits(model(100), 30)
  expect(misfit('x'.repeat(60))).toBeUndefined()
  expect(misfit('x'.repeat(61))).toBe("a prompt of 71 tokens and an answer of up to 30 do not fit into the model's context of 100")
})

test('only messages that may be too long are tokenized', () => {
  const asked: string[] = []
  const misfit = misfits(model(100, asked), 30)
  const messages = ['x', ...Array.from({ length: 1000 }, (_, i) => 'y'.repeat(i % 60)), 'z'.repeat(61), '\u00e9'.repeat(35)]
  expect(messages.filter((message) => misfit(message) !== undefined)).toEqual(['z'.repeat(61)])
  expect(asked).toEqual(['x', 'z'.repeat(61), '\u00e9'.repeat(35)]) // the first shows the template's length; an accent has two bytes
})

test('an answer as long as the context leaves no room for any prompt', () => {
  refuseNoRoom(model(100), 99)
  expect(() => refuseNoRoom(model(100), 100)).toThrow(
    new UsageError("rollout.maxTokens: 100 leaves no room for a prompt in the model's context of 100; lower it"),
  )
})
