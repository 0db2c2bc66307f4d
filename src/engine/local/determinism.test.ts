/** The promise of the same bytes: threads, lanes, memory budgets and neighbours in a batch do not exist for the result. */
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { elements } from '../../graph/value.ts'
import { type ModelConfig, parameterShapes } from '../../model/config.ts'
import { fold, integer, type Seed, seedOf, uniform } from '../../random.ts'
import type { Example } from '../../types.ts'
import type { PolicyVersion, SampleRequest, Sampling, Update } from '../engine.ts'
import { decode } from './decoding.ts'
import { decodingGraph } from './decoding-graph.ts'
import { inProcess, type InProcessOptions } from './fixtures/in-process.ts'
import { rowBytes } from './memory.ts'
import { optimizerState, type Tensors } from './optimizer-state.ts'
import { prefill } from './prefill.ts'
import { scoring } from './scoring.ts'
import { compile } from './session.ts'

const config: ModelConfig = {
  architecture: 'qwen3',
  vocabularySize: 80,
  hiddenSize: 64,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headSize: 16,
  feedForwardSize: 96,
  contextLength: 512,
  normEpsilon: 1e-6,
  rope: { theta: 10_000 },
  attentionBias: true,
  queryKeyNorm: true,
  tiedEmbeddings: true,
  endTokens: [3],
}
const seed = seedOf(5)

/** A key-value head for each head, and a vocabulary that fills no vector: rows lie differently in memory, and one row has other kernels. */
const odd: ModelConfig = { ...config, kvHeads: 4, vocabularySize: 65 }

function randomWeights(from: Seed = seed, of: ModelConfig = config): Tensors {
  const entry = ([name, shape]: [string, readonly number[]], at: number): [string, Float32Array] => {
    const center = name.includes('norm') ? 1 : 0
    return [name, Float32Array.from({ length: elements(shape) }, (_, i) => center + 0.3 * (uniform(fold(from, at), i) - 0.5))]
  }
  return new Map([...parameterShapes(of)].map(entry))
}

/** Groups of one to eight answers of very different lengths. */
function ragged(groups: number = 12, longest: number = 120): Example[] {
  return Array.from({ length: groups }, (_, group) => group).flatMap((group) => {
    const at = fold(seed, 100, group)
    const prompt = Array.from({ length: 5 + integer(at, 0, 60) }, (_, i) => integer(at, 100 + i, 80))
    return Array.from({ length: 1 + integer(at, 1, 8) }, (_, member): Example => {
      const own = fold(at, member)
      const answer = Array.from({ length: 3 + integer(own, 0, longest) }, (__, i) => integer(own, 1 + i, 80))
      const tokens = Int32Array.from([...prompt, ...answer])
      const numbers = (f: (t: number) => number): Float32Array => Float32Array.from(tokens.keys(), (t) => (t < prompt.length ? 0 : f(t)))
      const advantages = numbers((t) => uniform(own, 1000 + t) - 0.5)
      return { id: `${group}/${member}`, origin: 'rollout', tokens, promptLength: prompt.length, logprobs: numbers(() => -4.4), advantages }
    })
  })
}

const hash = (arrays: Iterable<Float32Array>): string => {
  const sum = createHash('sha256')
  for (const array of arrays) sum.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
  return sum.digest('hex')
}

const update: Update = {
  objective: { kind: 'policy-gradient', clipLow: 0.2, clipHigh: 0.2 },
  learningRate: 1e-2,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0.1,
  maxGradientNorm: 1,
}

/** What two steps leave behind, in a few bytes. */
async function trained(
  options: InProcessOptions,
  examples: readonly Example[],
  given: Update = update,
  teacher?: Tensors,
): Promise<string> {
  const engine = inProcess(config, options)
  const weights = randomWeights()
  const state = optimizerState(weights)
  const reports = [await engine.step(weights, state, examples, given, teacher), await engine.step(weights, state, examples, given, teacher)]
  await engine.dispose()
  return `${hash([...weights.values(), ...state.first.values(), ...state.second.values()])} ${JSON.stringify(reports)}`
}

/** Ways to compute the same. */
const WAYS: readonly InProcessOptions[] = [
  { threads: 1, lanes: 1, activationBytes: 1e9 },
  { threads: 2, lanes: 1, activationBytes: 1e9 },
  { threads: 1, lanes: 2, activationBytes: 1e9 },
  { threads: 1, lanes: 2, activationBytes: 1e7 }, // of one layer of two
  { threads: 2, lanes: 3, activationBytes: 0 },
]

async function waysOf(examples: readonly Example[], given?: Update, teacher?: Tensors): Promise<number> {
  const results = new Set<string>()
  for (const options of WAYS) results.add(await trained(options, examples, given, teacher))
  return results.size
}

test('two training steps give the same bytes for any number of threads and lanes, and any memory budget', async () => {
  expect(await waysOf(ragged())).toBe(1)
})

test('so they do where some answers are so long that attention is computed in blocks, beside short ones or apart', async () => {
  const examples = ragged(5, 430)
  const lengths = examples.map(({ tokens, promptLength }) => tokens.length - promptLength)
  expect([Math.max(...lengths) > 400, Math.min(...lengths) < 100]).toEqual([true, true])
  expect(await waysOf(examples)).toBe(1)
})

test('so they do where a teacher behind prompts of its own says what whole distributions should be', async () => {
  const examples = ragged(8).map((example, i): Example => {
    const length = 4 + integer(fold(seed, 200), example.promptLength, 90)
    const teacherPrompt = Int32Array.from({ length }, (_, t) => integer(fold(seed, 201, example.promptLength), t, 80))
    return { ...example, advantages: example.advantages.map(Math.abs), ...(i % 5 > 0 && { teacherPrompt }) }
  })
  const objective = { kind: 'divergence', direction: 'jsd', cap: 0.005, teacher: 0 as PolicyVersion } as const
  expect(await waysOf(examples, { ...update, objective }, randomWeights(seedOf(6)))).toBe(1)
})

test('scores do not depend on what is scored beside them, on threads or on lanes', async () => {
  const requests = [...ragged(), ...ragged(4, 430)].map(({ tokens, promptLength }) => ({ tokens, from: promptLength }))
  const results = new Set<string>()
  for (const options of WAYS) {
    const engine = inProcess(config, options)
    const weights = randomWeights()
    const together = await engine.score(weights, requests)
    const alone = []
    for (const request of requests) alone.push(...(await engine.score(weights, [request])))
    for (const scores of [together, alone]) results.add(hash(scores.flatMap(({ logprobs, entropies }) => [logprobs, entropies])))
    await engine.dispose()
  }
  expect(results.size).toBe(1)
})

test('nor do they at a vocabulary that fills no vector', async () => {
  const engine = scoring(odd, 2)
  const weights = randomWeights(seed, odd)
  const requests = ragged().map(({ tokens, promptLength }) => ({ tokens: tokens.map((token) => token % 65), from: promptLength }))
  const together = await engine.score(weights, requests)
  for (const [i, request] of requests.entries()) expect((await engine.score(weights, [request]))[0]).toEqual(together[i])
  await engine.dispose()
})

test('a long sequence in one row of blocks scores as it does behind a context, in rows that are whole', async () => {
  const engine = scoring(config, 2)
  const weights = randomWeights()
  const tokens = Int32Array.from({ length: 500 }, (_, t) => integer(fold(seed, 9), t, 80))
  const [row] = await engine.score(weights, [{ tokens, from: 1 }])
  const [segment] = await engine.score(weights, [{ tokens, from: 250 }])
  for (let t = 250; t < 500; t++) expect(Math.abs((row?.logprobs[t] ?? 0) - (segment?.logprobs[t] ?? 1))).toBeLessThan(1e-4)
  await engine.dispose()
})

test('answers do not depend on the rows beside them, and their log-probabilities are the scores', async () => {
  const weights = randomWeights()
  const prompts = prefill(config, 2)
  const sampling: Sampling = { count: 3, maxTokens: 40, temperature: 1, topK: 0, topP: 1, minP: 0, stop: [] }
  const requests = [0, 1, 2, 3, 4].map((i): SampleRequest => ({
    prompt: Int32Array.from({ length: 1 + 9 * i }, (_, t) => integer(fold(seed, i), t, 80)),
    seed: fold(seed, 7, i),
  }))
  const results = new Set<string>()
  let answers: Awaited<ReturnType<typeof decode>> = []
  for (const [threads, cacheBytes] of [
    [1, 1e9],
    [2, 1e9],
    [2, 40_000],
    [2, 1],
  ] as const) {
    const session = await compile(decodingGraph(config), { threads, weights })
    const options = {
      session,
      config,
      cacheBytes,
      prefill: (batch: readonly Int32Array[]) => prompts.run(weights, batch),
      stopped: () => false,
    }
    answers = await decode(requests, sampling, options)
    results.add(
      JSON.stringify(answers.flat().map(({ tokens, end }) => [...tokens, end])) + hash(answers.flat().map(({ logprobs }) => logprobs)),
    )
    await session.dispose()
  }
  expect(results.size).toBe(1)
  const scorer = scoring(config, 2)
  for (const [i, completions] of answers.entries()) {
    const { prompt } = requests[i]!
    const scores = await scorer.score(
      weights,
      completions.map(({ tokens }) => ({ tokens: Int32Array.from([...prompt, ...tokens]), from: prompt.length })),
    )
    completions.forEach(({ logprobs }, j) =>
      logprobs.forEach((value, t) => expect(Math.abs(value - scores[j]!.logprobs[prompt.length + t]!)).toBeLessThan(1e-5)),
    )
  }
  expect(new Set(answers.flat().map(({ end }) => end))).toEqual(new Set(['eos', 'length']))
  await Promise.all([prompts.dispose(), scorer.dispose()])
})

test('a request with one answer is answered the same alone, together and by turns', async () => {
  const weights = randomWeights(seed, odd)
  const session = await compile(decodingGraph(odd), { threads: 2, weights })
  const prompts = prefill(odd, 2)
  const scorer = scoring(odd, 2)
  const requests = [0, 1, 2, 3].map((i): SampleRequest => ({
    prompt: Int32Array.from({ length: 5 + 20 * i }, (_, t) => integer(fold(seed, i), t, 65)),
    seed: fold(seed, 11, i),
  }))
  for (const count of [1, 2]) {
    const sampling: Sampling = { count, maxTokens: 40, temperature: 1, topK: 0, topP: 1, minP: 0, stop: [] }
    const answers = (asked: readonly SampleRequest[], rows = 100) =>
      decode(asked, sampling, {
        session,
        config: odd,
        cacheBytes: rows * rowBytes(odd, { ...sampling, longestPrompt: 65 }),
        prefill: (batch) => prompts.run(weights, batch),
        stopped: () => false,
      })
    const together = await answers(requests)
    expect(await answers(requests, 2)).toEqual(together)
    const alone = []
    for (const request of requests) alone.push(...(await answers([request])))
    expect(alone).toEqual(together)
    for (const [i, { prompt }] of requests.entries()) {
      const { tokens, logprobs } = alone[i]![0]!
      const [scores] = await scorer.score(weights, [{ tokens: Int32Array.from([...prompt, ...tokens]), from: prompt.length }])
      for (const [t, value] of logprobs.entries()) expect(Math.abs(value - scores!.logprobs[prompt.length + t]!)).toBeLessThan(1e-5)
    }
  }
  await Promise.all([session.dispose(), prompts.dispose(), scorer.dispose()])
})

test('few rows are kept busy: answers enter where others to their prompt still run, and a prompt is computed again only where none does', async () => {
  const [weights, ROWS] = [randomWeights(), 16]
  const prompts = prefill(config, 2)
  const session = await compile(decodingGraph(config), { threads: 2, weights })
  const sampling: Sampling = { count: 12, maxTokens: 60, temperature: 1, topK: 0, topP: 1, minP: 0, stop: [] }
  const requests = [0, 1, 2, 3, 4, 5].map((i): SampleRequest => ({ prompt: Int32Array.of(7, 8 + i, 9), seed: fold(seed, 8, i) }))
  const answersWith = async (rows: number): Promise<{ answers: unknown; used: number[]; computed: number }> => {
    const used: number[] = []
    let computed = 0
    const answers = await decode(requests, sampling, {
      session: {
        ...session,
        run: (feeds) => {
          used.push(feeds['ids']?.shape[0] ?? 0)
          return session.run(feeds)
        },
      },
      config,
      cacheBytes: rows * rowBytes(config, { ...sampling, longestPrompt: 3 }),
      prefill: (batch) => {
        computed += batch.length
        return prompts.run(weights, batch)
      },
      stopped: () => false,
    })
    return { answers, used, computed }
  }
  const [few, all] = [await answersWith(ROWS), await answersWith(1000)]
  expect(few.answers).toEqual(all.answers)
  expect([Math.max(...few.used), Math.max(...all.used), all.computed]).toEqual([ROWS, 72, 6])
  const lastEntry = few.used.findLastIndex((count, step) => count > (few.used[step - 1] ?? Infinity))
  expect(Math.min(...few.used.slice(0, lastEntry))).toBeGreaterThanOrEqual(ROWS - 1) // two are free before any enters
  expect(few.computed).toBeLessThan(10)
  await Promise.all([prompts.dispose(), session.dispose()])
})
