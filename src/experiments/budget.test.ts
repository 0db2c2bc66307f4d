import { expect, test } from 'vitest'
import { parseConfig } from '../config/parse.ts'
import { budgetOf, estimate } from './budget.ts'

const base = {
  steps: 10,
  rollout: { problems: 4, groupSize: 8, maxTokens: 100 },
  evaluation: { everySteps: 5, problems: 3, samples: 2, greedy: false },
}
const lengths = { prompt: 10, answer: 50 }

test('GRPO: 32 attempts of 50 tokens a step, three evaluations of 6', () => {
  const { step, evaluation, evaluations, run } = budgetOf(parseConfig({ ...base, method: { kind: 'grpo' } }), lengths)
  expect(step).toEqual({ sampled: 1600, read: 40, trained: 1600 })
  expect(evaluation).toEqual({ sampled: 300, read: 30, trained: 0 })
  expect([evaluations, run]).toEqual([3, { sampled: 16_900, read: 490, trained: 16_000 }])
})

test('TAPO: one of four groups gets four constructions, each with a reply of two answers and a source beside it', () => {
  const { step } = budgetOf(parseConfig(base), lengths)
  expect(step).toEqual({ sampled: 1600 + 4 * 100, read: 40 + 4 * 170, trained: 1600 + 8 * 50 })
})

test('OPSD: a teacher reads every attempt behind the problem and a solution', () => {
  const { step } = budgetOf(parseConfig({ ...base, method: { kind: 'opsd' } }), lengths)
  expect(step).toEqual({ sampled: 1600, read: 40 + 32 * 110, trained: 1600 })
})

test('stated speeds give time, and a price money', () => {
  const budget = budgetOf(parseConfig({ ...base, method: { kind: 'grpo' } }), lengths)
  const engine = { ...lengths, sample: 100, score: 10, train: 50 }
  expect(estimate(budget, engine)).toEqual({ stepSeconds: 16 + 4 + 32, runSeconds: 169 + 49 + 320 })
  expect(estimate(budget, { ...engine, price: 36 }).cost).toBeCloseTo(5.38) // 538 s at 36 an hour
})
