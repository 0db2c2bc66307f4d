/** Lanes on real threads: lane.ts compiled. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { afterAll, expect, test, vi } from 'vitest'
import { compiled } from '../../fixtures/compiled.ts'
import { readCheckpoint } from '../../model/checkpoint.ts'
import { fold, integer, seedOf } from '../../random.ts'
import { loadTokenizer } from '../../text/load-tokenizer.ts'
import { conformance } from '../conformance.ts'
import type { Sampling } from '../engine.ts'
import { spellingModel } from './fixtures/spelling.ts'
import { laneCount, lanes, portions } from './lanes.ts'
import { localEngine } from './local-engine.ts'
import { reader } from './reader.ts'

vi.setConfig({ testTimeout: 120_000 }) // on a machine that may be busy

const { folder, dispose } = compiled(['engine/local/lane.ts'])
afterAll(dispose)
const module = pathToFileURL(join(folder, 'engine', 'local', 'lane.js'))
const model = spellingModel(join(import.meta.dirname, '../../model/fixtures/llama'))
const sampling: Sampling = { count: 2, maxTokens: 30, temperature: 1, topK: 0, topP: 1, minP: 0, stop: [] }
const requests = [0, 1, 2, 3, 4].map((i) => ({
  prompt: Int32Array.from({ length: 2 + 5 * i }, (_, t) => integer(fold(seedOf(3), i), t, 40)),
  seed: fold(seedOf(4), i),
}))

conformance('local engine in lanes', async () => {
  const tokenizer = await loadTokenizer(model)
  return {
    trainer: await localEngine({ model, threads: 2 }, lanes(module)),
    vocabularySize: 40,
    endToken: 2,
    decode: (tokens) => tokenizer.decode(tokens),
  }
})

test('two lanes answer what one thread answers, to the last bit, and tell of each request once', async () => {
  const { config, tensors } = await readCheckpoint(model)
  const options = { model, config, microBatchTokens: 1024, cacheBytes: 1e8 }
  const [one, two] = [reader({ ...options, threads: 1 }), lanes(module).open({ ...options, threads: 2 })]
  const told: number[] = []
  const expected = await one.sample(tensors, requests, sampling, () => {})
  expect(await two.sample(tensors, requests, sampling, (request) => told.push(request))).toEqual(expected)
  expect(told.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4])
  const scored = expected.flat().map(({ tokens }) => ({ tokens, from: 1 }))
  expect(await two.score(tensors, scored)).toEqual(await one.score(tensors, scored))
  await Promise.all([one.dispose(), two.dispose()])
})

test('weights that changed are read as they are after they were forgotten', async () => {
  const { config, tensors } = await readCheckpoint(model)
  const two = lanes(module).open({ model, config, microBatchTokens: 1024, cacheBytes: 1e8, threads: 2 })
  const sampled = () => two.sample(tensors, requests, sampling, () => {})
  const before = await sampled()
  for (const data of tensors.values()) data.forEach((value, i) => (data[i] = value * 1.5))
  expect(await sampled()).toEqual(before)
  await two.forget(tensors)
  expect(await sampled()).not.toEqual(before)
  await two.dispose()
})

test('lanes that end while they compute fail the call that waits, and nothing else', async () => {
  const { config, tensors } = await readCheckpoint(model)
  const threads = lanes(module)
  const two = threads.open({ model, config, microBatchTokens: 1024, cacheBytes: 1e8, threads: 2 })
  await two.sample(tensors, requests, sampling, () => {})
  const waiting = two.sample(tensors, requests, { ...sampling, count: 200, maxTokens: 200 }, () => {})
  const [outcome] = await Promise.all([waiting.catch((error: unknown) => error), threads.end()])
  expect(String(outcome)).toContain('it was closed')
})

test('every model is read in one lane', () => {
  expect([laneCount(1, 2), laneCount(128e6, 2), laneCount(1, 1)]).toEqual([1, 1, 1])
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
