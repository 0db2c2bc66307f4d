/** The optimizer's second thread: optimizer-thread.ts compiled. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test, vi } from 'vitest'
import { compiled } from '../../fixtures/compiled.ts'
import { smallest } from '../../model/fixtures/smallest.ts'
import { type ModelConfig, parameterShapes } from '../../model/config.ts'
import { elements } from '../../graph/value.ts'
import type { Update } from '../engine.ts'
import { halves, optimizerHelp } from './optimizer-help.ts'
import { type OptimizerState, optimizerState, type OwnTensors } from './optimizer-state.ts'
import { type StepGradient, training } from './training.ts'

vi.setConfig({ testTimeout: 120_000 }) // on a machine that may be busy

const { folder, dispose } = compiled(['engine/local/optimizer-thread.ts'])
afterAll(dispose)

const config: ModelConfig = { ...smallest, layers: 3 }
const update: Update = {
  objective: { kind: 'likelihood' },
  learningRate: 0.1,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0.1,
  maxGradientNorm: 0.5,
}

/** Every number another one. */
function numbers(factor: number): OwnTensors {
  const entry = ([name, shape]: readonly [string, readonly number[]], at: number): [string, Float32Array] => [
    name,
    Float32Array.from({ length: elements(shape) }, (_, i) => factor * Math.sin(1 + at + i)),
  ]
  return new Map([...parameterShapes(config)].map(entry))
}

const gradient = (): StepGradient => ({ tensors: numbers(0.3), report: { tokens: 1, gradientNorm: 2 } as StepGradient['report'] })
const noLanes = { gradient: () => Promise.reject(new Error('not asked')) }

test('two threads update weights and moments to the bytes of one, and the gradient is given up', async () => {
  const help = optimizerHelp(pathToFileURL(join(folder, 'engine', 'local', 'optimizer-thread.js')))
  const after = async (by: ReturnType<typeof training>): Promise<{ weights: OwnTensors; state: OptimizerState }> => {
    const weights = numbers(1)
    const state = optimizerState(weights)
    for (const each of [gradient(), gradient()]) {
      await by.apply(each, weights, state, update)
      expect([...each.tensors.values()].every(({ length }) => length === 0)).toBe(true)
    }
    return { weights, state }
  }
  const alone = await after(training(config, noLanes))
  expect(await after(training(config, noLanes, help))).toEqual(alone)
  expect(alone.weights).not.toEqual(numbers(1))
  expect(alone.state.updates).toBe(2)
  await help.end()
})

test('updates are cut where half of the weights lie', () => {
  const of = (length: number) => {
    const array = new Float32Array(length)
    return { name: `${length}`, weight: array, gradient: array, first: array, second: array, rates: {} as never }
  }
  const cut = (...lengths: number[]): string =>
    halves(lengths.map(of))
      .map((part) => part.map(({ name }) => name).join(' '))
      .join(' | ')
  expect([cut(4, 1, 1, 2), cut(1, 2, 3), cut(5)]).toEqual(['4 | 1 1 2', '1 2 | 3', '5 | '])
})
