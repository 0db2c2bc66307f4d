import { expect, test } from 'vitest'
import { smallest } from '../../model/fixtures/smallest.ts'
import { keyValueCache } from './cache.ts'

/** One layer with one head of two numbers: a token is two keys and two values. */
const config = smallest

const tokenBytes = 2 * 4 // of its keys

test('there is memory for the rows and tokens that are expected and no more, and growing takes none', () => {
  const cache = keyValueCache(config, { contexts: { owners: 2, tokens: 5 }, rows: { owners: 20, tokens: 33 } })
  for (let row = 0; row < 20; row++) cache.addRow()
  const memory = cache.feeds(2)['ownKeys.0']?.data.buffer
  expect(memory?.byteLength).toBe(20 * 64 * tokenBytes)
  cache.reserve(32)
  expect(cache.feeds(2)['ownKeys.0']?.shape).toEqual([20, 1, 1, 64, 2])
  expect(cache.feeds(2)['ownKeys.0']?.data.buffer).toBe(memory)
})

test("a row's keys and values stay with it when the cache grows and when another row leaves", () => {
  const cache = keyValueCache(config, { contexts: { owners: 2, tokens: 5 }, rows: { owners: 9, tokens: 33 } })
  for (let row = 0; row < 9; row++) cache.addRow()
  const numbers = Float32Array.from({ length: 18 }, (_, i) => 1 + i)
  const append = (at: number): void =>
    cache.append(
      { 'key.0': numbers, 'value.0': numbers.map((each) => -each) },
      Array.from({ length: 9 }, () => at),
    )
  append(0)
  cache.reserve(32)
  append(32)
  cache.removeRow(3) // row 8 takes its place
  const { 'ownKeys.0': keys, 'ownValues.0': values } = cache.feeds(2)
  expect(keys?.shape).toEqual([8, 1, 1, 64, 2])
  for (const at of [0, 32]) {
    expect(keys!.data.slice((3 * 64 + at) * 2, (3 * 64 + at + 1) * 2)).toEqual(Float32Array.of(17, 18))
    expect(values!.data.slice((2 * 64 + at) * 2, (2 * 64 + at + 1) * 2)).toEqual(Float32Array.of(-5, -6))
  }
})
