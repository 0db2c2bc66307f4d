import { expect, test } from 'vitest'
import { learningRateAt, type Schedule } from './schedule.ts'

const rates = (schedule: Schedule): number[] => Array.from({ length: schedule.steps }, (_, i) => learningRateAt(schedule, i + 1))

test('a constant schedule climbs for its warm-up and then stays', () => {
  expect(rates({ kind: 'constant', learningRate: 8, warmupSteps: 4, steps: 6 })).toEqual([2, 4, 6, 8, 8, 8])
})

test('a linear schedule falls by equal amounts and would reach zero one step after the last', () => {
  expect(rates({ kind: 'linear', learningRate: 8, warmupSteps: 0, steps: 4 })).toEqual([8, 6, 4, 2])
  expect(rates({ kind: 'linear', learningRate: 8, warmupSteps: 2, steps: 4 })).toEqual([4, 8, 8, 4])
})

test('a cosine schedule is at half of its peak half way', () => {
  const [first, , middle, last] = rates({ kind: 'cosine', learningRate: 1, warmupSteps: 0, steps: 4 })
  expect(first).toBe(1)
  expect(middle).toBeCloseTo(0.5, 12)
  expect(last).toBeCloseTo((1 - Math.SQRT1_2) / 2, 12)
})

test('no warm-up means the first step has the full rate, and a warm-up longer than the run never reaches it', () => {
  expect(learningRateAt({ kind: 'constant', learningRate: 3, warmupSteps: 0, steps: 9 }, 1)).toBe(3)
  expect(rates({ kind: 'linear', learningRate: 8, warmupSteps: 8, steps: 2 })).toEqual([1, 2])
})
