import { expect, test } from 'vitest'
import { constructsNothing } from './warning.ts'

const step = (attempted: number, parseRate: number): { metrics: Record<string, number> } => ({
  metrics: { 'construction.attempted': attempted, 'construction.parseRate': parseRate, 'construction.refused.no-tags': attempted },
})

test('twenty corrections asked for and none built are worth a warning, with what became of them', () => {
  expect(constructsNothing([step(12, 0), step(8, 0)])).toBe(
    'the model was asked for 20 corrections of its own wrong attempts and none could be used (20 no-tags); while that is so, this is ' +
      'GRPO at a higher price. Give the model a cold start first: tapo coldstart collect, build and train',
  )
})

test('fewer tries, one that was built, and a method that builds none are not', () => {
  expect(constructsNothing([step(19, 0)])).toBeUndefined()
  expect(constructsNothing([step(30, 0), step(10, 0.1), step(30, 0)])).toBeUndefined()
  expect(constructsNothing([{ metrics: { accuracy: 0.5 } }])).toBeUndefined()
})
