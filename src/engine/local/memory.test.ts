import { expect, test } from 'vitest'
import { smallest } from '../../model/fixtures/smallest.ts'
import { activationBytes, binSize, keptLayers, mostRows, rowBytes, weightBytes } from './memory.ts'

const config = { ...smallest, layers: 3, heads: 2 }

test("a decoding row takes its own keys and values, its share of its prompt's, and four kinds of logits", () => {
  const tokenBytes = 2 * 3 * 1 * 2 * 4 // keys and values of three layers with one head of two numbers
  const size = { maxTokens: 40, longestPrompt: 60, count: 4 } // 64 tokens each, widths being multiples of 32
  expect(rowBytes(config, size)).toBe(tokenBytes * (64 + 64 / 4) + 4 * 10 * 4)
})

test('a model of up to 128 MB of weights has bins for two threads, a larger one larger bins', () => {
  const of = (vocabularySize: number) => ({ ...smallest, vocabularySize })
  expect(weightBytes(of(11)) - weightBytes(of(10))).toBe(4 * 4) // a row of the embedding, which is the head too
  expect([binSize(of(7e6)), binSize(of(9e6))]).toEqual([
    { tokens: 1024, even: true },
    { tokens: 2048, even: false },
  ])
})

test('as many rows decode together as fit, at least one and at most 1,024', () => {
  const size = { maxTokens: 32, longestPrompt: 0, count: 1 }
  expect([0, 1, 7.5, 1e9].map((rows) => mostRows(config, size, rows * rowBytes(config, size)))).toEqual([1, 1, 7, 1024])
})

test('activations of a stream grow with its tokens, with the square of its rows, and with the layers', () => {
  const stream = { tokens: 128, rows: { length: 2 }, width: 16, contextWidth: 32 }
  const perToken = 8 * 4 + 4 * 2 * 2 + 4 * 1 * 2 + 5 * 8
  const perRow = 2 * 16 * (2 * 48 + 3 * 2) + 2 * 1 * 48 * 2
  expect(activationBytes(config, stream, 1)).toBe(4 * (128 * perToken + 2 * perRow))
  expect(activationBytes(config, stream, 3)).toBe(3 * activationBytes(config, stream, 1))
})

test('activations of as many layers are kept as the limit allows', () => {
  const stream = { tokens: 128, rows: { length: 2 }, width: 16, contextWidth: 32 }
  const layer = activationBytes(config, stream, 1)
  expect([0, layer - 1, layer, 2.5 * layer, 1e12].map((limit) => keptLayers(config, stream, limit))).toEqual([0, 0, 1, 2, 3])
})

test('rows so long that attention is computed in blocks grow with their length alone', () => {
  const bytes = (width: number): number => activationBytes(config, { tokens: width, rows: { length: 1 }, width, contextWidth: 0 }, 3)
  expect(bytes(4096) / bytes(2048)).toBe(2)
  expect(bytes(384) / bytes(192)).toBeGreaterThan(3)
})
