import { expect, test } from 'vitest'
import { smallest } from '../../model/fixtures/smallest.ts'
import { keyValueCache } from './cache.ts'

/** One layer with one head of two numbers: a token is two keys and two values. */
const config = smallest

const rowBytes = 32 * 2 * 4 // keys of 32 tokens

test('there is room for as many rows as are expected, not for the next power of two', () => {
  const cache = keyValueCache(config, { contexts: 2, rows: 20 })
  for (let row = 0; row < 20; row++) cache.addRow()
  expect(cache.feeds(2)['ownKeys.0']?.data.buffer.byteLength).toBe(20 * rowBytes)
  cache.addRow()
  expect(cache.feeds(2)['ownKeys.0']?.data.buffer.byteLength).toBe(21 * rowBytes)
})

test("a row's keys and values stay with it when the cache grows and when another row leaves", () => {
  const cache = keyValueCache(config, { contexts: 2, rows: 9 })
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
