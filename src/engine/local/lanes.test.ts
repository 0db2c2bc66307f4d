/** Lanes on real threads: lane-thread.ts compiled. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { afterAll, expect, test, vi } from 'vitest'
import { compiled } from '../../fixtures/compiled.ts'
import { readCheckpoint } from '../../model/checkpoint.ts'
import type { ModelConfig } from '../../model/config.ts'
import { smallest } from '../../model/fixtures/smallest.ts'
import { fold, integer, seedOf } from '../../random.ts'
import { loadTokenizer } from '../../text/load-tokenizer.ts'
import { conformance } from '../conformance.ts'
import type { Example } from '../../types.ts'
import type { Sampling } from '../engine.ts'
import { spellingModel } from './fixtures/spelling.ts'
import { type Lane, lane } from './lane.ts'
import { laneCount, type Lanes, lanesOf, laneThreads, openLanes, portions } from './lanes.ts'
import { localEngine } from './local-engine.ts'
import { optimizerHelp } from './optimizer-help.ts'

vi.setConfig({ testTimeout: 120_000 }) // on a machine that may be busy

const { folder, dispose } = compiled(['engine/local/lane-thread.ts'])
afterAll(dispose)
const module = pathToFileURL(join(folder, 'engine', 'local', 'lane-thread.js'))
const model = spellingModel(join(import.meta.dirname, '../../model/fixtures/llama'))
const sampling: Sampling = { count: 2, maxTokens: 30, temperature: 1, topK: 0, topP: 1, minP: 0, stop: [] }
const requests = [0, 1, 2, 3, 4].map((i) => ({
  prompt: Int32Array.from({ length: 2 + 5 * i }, (_, t) => integer(fold(seedOf(3), i), t, 40)),
  seed: fold(seedOf(4), i),
}))

conformance('local engine in lanes', async () => {
  const tokenizer = await loadTokenizer(model)
  return {
    trainer: await localEngine({ model, threads: 2 }, { lanes: laneThreads(module), optimizer: optimizerHelp(module) }),
    vocabularySize: 40,
    endToken: 2,
    decode: (tokens) => tokenizer.decode(tokens),
  }
})

const { config, tensors } = await readCheckpoint(model)
const options = { model, config, threads: 2, cacheBytes: 1e8, activationBytes: 1e9 }
const examples = requests.map(({ prompt }, i): Example => {
  const tokens = Int32Array.from([...prompt, ...Array.from({ length: 90 }, (_, t) => integer(fold(seedOf(5), i), t, 40))])
  const numbers = (value: number): Float32Array => Float32Array.from(tokens, (_, t) => (t < prompt.length ? 0 : value))
  return { id: `${i}`, origin: 'rollout', tokens, promptLength: prompt.length, logprobs: numbers(-3), advantages: numbers(0.01) }
})
const objective = { kind: 'policy-gradient', clipLow: 0.2, clipHigh: 0.2 } as const

test('two lanes answer, score and sum gradients as one thread does, to the last bit, and tell of each request once', async () => {
  const [one, two] = [lanesOf([lane(options)], config), openLanes(options, 2, laneThreads(module))]
  const told: number[] = []
  const expected = await one.sample(tensors, requests, sampling, () => {})
  expect(await two.sample(tensors, requests, sampling, (request) => told.push(request))).toEqual(expected)
  expect(told.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4])
  const scored = [...expected.flat().map(({ tokens }) => ({ tokens, from: 1 })), { tokens: Int32Array.of(1), from: 1 }]
  expect(await two.score(tensors, scored)).toEqual(await one.score(tensors, scored))
  const gradient = (lanes: Lanes) => lanes.gradient(tensors, { examples, objective }, tensors)
  const [ours, theirs] = [await gradient(one), await gradient(two)]
  expect(theirs).toEqual(ours)
  expect(ours.figures.map(({ tokens }) => tokens).reduce((a, b) => a + b)).toBe(5 * 90)
  await Promise.all([one.dispose(), two.dispose()])
})

test('weights that changed are read as they are after they were forgotten', async () => {
  const two = openLanes(options, 2, laneThreads(module))
  const weights = two.placed(tensors)
  expect([...weights.values()].every(({ buffer }) => buffer instanceof SharedArrayBuffer)).toBe(true)
  const sampled = () => two.sample(weights, requests, sampling, () => {})
  const before = await sampled()
  for (const data of weights.values()) data.forEach((value, i) => (data[i] = value * 1.5))
  expect(await sampled()).toEqual(before)
  await two.forget(weights)
  expect(await sampled()).not.toEqual(before)
  await two.dispose()
})

test('lanes that end while they compute fail the call that waits, and nothing else', async () => {
  const threads = laneThreads(module)
  const two = openLanes(options, 2, threads)
  await two.sample(tensors, requests, sampling, () => {})
  const waiting = two.sample(tensors, requests, { ...sampling, count: 200, maxTokens: 200 }, () => {})
  const [outcome] = await Promise.all([waiting.catch((error: unknown) => error), threads.end()])
  expect(String(outcome)).toContain('it was closed')
})

test('a lane that fails stops the others, and its error is told', async () => {
  const sound = lane(options)
  const broken: Lane = {
    ...sound,
    gradient: (...[, , , { queue }]) => Promise.reject(new Error(`bin ${[...queue.taken([0])].join()} is lost`)),
  }
  const lanes = lanesOf([broken, sound], config)
  await expect(lanes.gradient(tensors, { examples, objective }, tensors)).rejects.toThrow('bin 0,0 is lost')
  await sound.dispose()
})

test('a model of up to 128 MB has a lane for each thread, a larger one has one', () => {
  const [small, large] = [7e6, 9e6].map((vocabularySize) => ({ ...smallest, vocabularySize })) as [ModelConfig, ModelConfig] // rows of 16 bytes
  expect([laneCount(small, 2), laneCount(large, 2), laneCount(small, 1)]).toEqual([2, 1, 1])
})

test('requests are cut into runs of about the same length, none empty, in order', () => {
  expect(portions(5, 2)).toEqual([
    [0, 2],
    [2, 5],
  ])
  expect(portions(1, 2)).toEqual([[0, 1]])
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 8 }), (count, parts) => {
      const cuts = portions(count, parts)
      const lengths = cuts.map(([from, to]) => to - from)
      expect(cuts.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i))).toEqual(
        Array.from({ length: count }, (_, i) => i),
      )
      expect([Math.min(...lengths) > 0, Math.max(...lengths) - Math.min(...lengths) <= 1, cuts.length <= parts]).toEqual([true, true, true])
    }),
  )
})
