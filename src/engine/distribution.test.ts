import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawnFrom, entropyOf, logSoftmax, tokenAt } from './distribution.ts'

const all = { temperature: 1, topK: 0, topP: 1, minP: 0 }
const eighths = [4, 2, 1, 1].map((share) => Math.log(share / 8)) // probabilities 1/2, 1/4, 1/8, 1/8

/** To 12 decimals. */
function rounded(numbers: ArrayLike<number>): number[] {
  return Array.from(numbers, (number) => Number(number.toFixed(12)))
}

test('log-probabilities sum to 1, whatever is added to the logits', () => {
  expect(rounded(logSoftmax(eighths.map((logit) => logit + 700)).map(Math.exp))).toEqual(rounded([1 / 2, 1 / 4, 1 / 8, 1 / 8]))
})

test('the entropy of 1/2, 1/4, 1/8, 1/8 is 1.75 bits', () => {
  expect(entropyOf(logSoftmax(eighths))).toBeCloseTo(1.75 * Math.LN2, 12)
  expect(entropyOf(Float64Array.of(0, -Infinity))).toBeCloseTo(0, 12)
})

test('nothing switched on leaves the distribution as it is', () => {
  expect(rounded(drawnFrom(eighths, all))).toEqual(rounded([1 / 2, 1 / 4, 1 / 8, 1 / 8]))
})

test('temperature 1/2 squares: 16, 4, 1, 1 of 22; temperature 0 takes the likeliest, the first of equals', () => {
  expect(rounded(drawnFrom(eighths, { ...all, temperature: 0.5 }))).toEqual(rounded([16 / 22, 4 / 22, 1 / 22, 1 / 22]))
  expect(rounded(drawnFrom(eighths, { ...all, temperature: 0 }))).toEqual(rounded([1, 0, 0, 0]))
  expect(rounded(drawnFrom([0, 3, 3], { ...all, temperature: 0, topP: 0.1 }))).toEqual(rounded([0, 1, 0]))
})

test('top-k keeps the k likeliest, the lower id first among equals', () => {
  expect(rounded(drawnFrom(eighths, { ...all, topK: 3 }))).toEqual(rounded([4 / 7, 2 / 7, 1 / 7, 0]))
  expect(rounded(drawnFrom(eighths, { ...all, topK: 9 }))).toEqual(rounded([1 / 2, 1 / 4, 1 / 8, 1 / 8]))
})

test('top-p keeps the fewest likeliest that hold p, the one that crosses it included', () => {
  expect(rounded(drawnFrom(eighths, { ...all, topP: 0.5 }))).toEqual(rounded([1, 0, 0, 0]))
  expect(rounded(drawnFrom(eighths, { ...all, topP: 0.6 }))).toEqual(rounded([2 / 3, 1 / 3, 0, 0]))
  expect(rounded(drawnFrom(eighths, { ...all, topK: 2, topP: 0.6 }))).toEqual(rounded([1, 0, 0, 0])) // of 2/3 and 1/3
})

test('min-p keeps what has that share of the likeliest', () => {
  expect(rounded(drawnFrom(eighths, { ...all, minP: 0.3 }))).toEqual(rounded([2 / 3, 1 / 3, 0, 0]))
  expect(rounded(drawnFrom(eighths, { ...all, minP: 0.6 }))).toEqual(rounded([1, 0, 0, 0]))
})

test('a number in [0, 1) finds its token, and never one of probability 0', () => {
  const probabilities = Float64Array.of(0, 0.5, 0, 0.5, 0)
  expect([0, 0.49, 0.5, 0.99].map((u) => tokenAt(probabilities, u))).toEqual([1, 1, 3, 3])
  expect(tokenAt(Float64Array.of(0.3, 0.3, 0.3, 0), 0.95)).toBe(2) // rounding may leave a gap below 1
})

test('any setting leaves a distribution in which the likeliest token stays', () => {
  const logits = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 12 })
  const share = fc.double({ min: 0.01, max: 1, noNaN: true })
  fc.assert(
    fc.property(logits, fc.nat(5), share, share, share, (values, topK, topP, minP, temperature) => {
      const probabilities = drawnFrom(values, { temperature, topK, topP, minP })
      expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9)
      expect(probabilities[values.indexOf(Math.max(...values))]).toBeGreaterThan(0)
      expect(probabilities.filter((value) => value > 0).length).toBeLessThanOrEqual(topK || values.length)
    }),
  )
})
