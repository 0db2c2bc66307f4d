import { expect, test } from 'vitest'
import { draw } from './draw.ts'

const probabilities = Float32Array.of(0.1, 0.5, 0.15, 0.25)
const open = { temperature: 1, topK: 0, topP: 1, minP: 0 }
const tokens = (sampling: Partial<typeof open>): number[] => {
  const drawn = Array.from({ length: 200 }, (_, i) => draw(probabilities, (i + 0.5) / 200, { ...open, ...sampling }).token)
  return [...new Set(drawn)].toSorted((a, b) => a - b)
}

test('a draw takes the token whose share of the unit interval holds the number', () => {
  const at = (u: number): number => draw(probabilities, u, open).token
  expect([at(0), at(0.09), at(0.11), at(0.59), at(0.61), at(0.74), at(0.76), at(0.999999)]).toEqual([0, 0, 1, 1, 2, 2, 3, 3])
})

test('temperature 0 takes the likeliest token, the first of equals, with certainty', () => {
  expect(draw(Float32Array.of(0.2, 0.4, 0.4), 0.99, { ...open, temperature: 0 })).toEqual({ token: 1, logprob: 0 })
})

test('top-k, top-p and min-p keep the likeliest tokens', () => {
  expect(tokens({})).toEqual([0, 1, 2, 3])
  expect(tokens({ topK: 2 })).toEqual([1, 3])
  expect(tokens({ topP: 0.7 })).toEqual([1, 3]) // 0.5 alone is not enough, 0.75 is
  expect(tokens({ topP: 0.01 })).toEqual([1])
  expect(tokens({ minP: 0.4 })).toEqual([1, 3]) // at least 0.2
  expect(tokens({ topK: 3, topP: 0.5 })).toEqual([1]) // of the mass 0.9 that top-k left, 0.45
})

test('the log-probability is that of the truncated distribution', () => {
  expect(draw(probabilities, 0.9, { ...open, topK: 2 }).logprob).toBeCloseTo(Math.log(0.25 / 0.75), 6)
})
