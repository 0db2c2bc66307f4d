import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DataError, EngineError, StoreError } from '../errors.ts'
import { fold, seedOf, uniform } from '../random.ts'
import { conformance } from './conformance.ts'
import type { Sampling } from './engine.ts'
import { scripted } from './scripted.ts'

const letters = (tokens: ArrayLike<number>): string => Array.from(tokens, (token) => 'abcdefghijklmnopqrstuvwxyz'[token - 1] ?? '').join('')
const logits = Float64Array.from({ length: 20 * 20 }, (_, i) => 4 * uniform(fold(seedOf(3), i), 0))
const plain: Sampling = { count: 1, maxTokens: 8, temperature: 1, topK: 0, topP: 1, minP: 0, stop: [] }

conformance('the scripted engine', () =>
  Promise.resolve({
    trainer: scripted({ vocabularySize: 20, endTokens: [0], logits, decode: letters }),
    vocabularySize: 20,
    endToken: 0,
    decode: letters,
  }),
)

test('a script is answered word for word, with the table own log-probabilities', async () => {
  const answers = (prompt: Int32Array, sample: number): number[] | undefined => (prompt[0] === 1 ? [2, 3 + sample] : undefined)
  const policy = await scripted({ vocabularySize: 6, endTokens: [0], answers }).policy()
  const [told, drawn] = await policy.sample(
    [1, 5].map((token) => ({ prompt: Int32Array.of(token), seed: seedOf(1) })),
    { ...plain, count: 2 },
  )
  expect(told!.map(({ tokens }) => Array.from(tokens))).toEqual([
    [2, 3, 0],
    [2, 4, 0],
  ])
  const sixth = Math.fround(-Math.log(6))
  expect(told![0]).toMatchObject({ logprobs: Float32Array.of(sixth, sixth, sixth), end: 'eos' })
  expect(drawn).toHaveLength(2)
})

test('a script is cut by the limit and by stop strings like any other answer', async () => {
  const policy = await scripted({ vocabularySize: 6, endTokens: [0], decode: letters, answers: () => [1, 2, 3, 4] }).policy()
  const request = { prompt: Int32Array.of(5), seed: seedOf(1) }
  expect(await policy.sample([request], { ...plain, maxTokens: 3 })).toMatchObject([[{ tokens: Int32Array.of(1, 2, 3), end: 'length' }]])
  expect(await policy.sample([request], { ...plain, stop: ['bc'] })).toMatchObject([[{ tokens: Int32Array.of(1, 2, 3), end: 'stop' }]])
})

test('a uniform table scores log V and has entropy log V', async () => {
  const policy = await scripted({ vocabularySize: 8, endTokens: [0] }).policy()
  const log8 = Math.fround(Math.log(8))
  expect(await policy.score([{ tokens: Int32Array.of(1, 2, 3), from: 2 }])).toEqual([
    { logprobs: Float32Array.of(0, 0, -log8), entropies: Float32Array.of(0, 0, log8) },
  ])
})

test('what cannot be is refused with its name and numbers', async () => {
  expect(() => scripted({ vocabularySize: 2, endTokens: [0], logits: [1] })).toThrow('scripted engine: 1 logits, 4 needed')
  const trainer = scripted({ vocabularySize: 2, endTokens: [0] })
  const policy = await trainer.policy()
  await expect(policy.score([{ tokens: Int32Array.of(7, 1), from: 1 }])).rejects.toThrow(new EngineError('bigram: token 7 is none of 2'))
  const folder = mkdtempSync(join(tmpdir(), 'tapo-scripted-'))
  await expect(trainer.save(folder)).rejects.toThrow(StoreError)
  await expect(trainer.load(folder)).rejects.toThrow('cannot be read')
  writeFileSync(join(folder, 'bigram.json'), '{"vocabularySize":3}')
  await expect(trainer.load(folder)).rejects.toThrow(DataError)
})
