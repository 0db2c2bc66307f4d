/** What sampling and scoring promise, as tests (conformance.ts). */
import { expect } from 'vitest'
import { fold } from '../random.ts'
import type { TokenScores } from '../types.ts'
import { drawnFrom, entropyOf } from './distribution.ts'
import { closeTo, type Examine, nextToken, plain, prompt, requests, sequence } from './specimen.conformance.ts'

export function sampling(examine: Examine): void {
  examine('an answer is the same bits alone, in a batch, beside its double, and among more answers', async (specimen) => {
    const policy = await specimen.trainer.policy()
    const [first, second, third] = requests(specimen)
    const together = await policy.sample([first, second, third, first], plain)
    for (const [i, request] of [first, second, third].entries()) expect(await policy.sample([request], plain)).toEqual([together[i]])
    expect(together[3]).toEqual(together[0])
    const [more] = await policy.sample([first], { ...plain, count: 7 })
    expect(more!.slice(0, plain.count)).toEqual(together[0])
    const [short] = await policy.sample([first], { ...plain, maxTokens: 4 })
    expect(short!.map(({ tokens }) => tokens)).toEqual(together[0]!.map(({ tokens }) => tokens.subarray(0, 4)))
  })

  examine('every request is told of once, with the answers that the call gives', async (specimen) => {
    const policy = await specimen.trainer.policy()
    const told = new Map<number, unknown>()
    const answers = await policy.sample(requests(specimen), plain, (request, completions) => {
      expect(told.has(request)).toBe(false)
      told.set(request, completions)
    })
    expect([...told].toSorted(([a], [b]) => a - b)).toEqual([...answers.entries()])
    await policy.sample(requests(specimen), { ...plain, count: 0 }, (request) => told.delete(request))
    expect(told.size).toBe(0)
  })

  examine('another seed and another index draw other numbers', async (specimen) => {
    const policy = await specimen.trainer.policy()
    const [first] = requests(specimen)
    const [answers, others] = await policy.sample([first, { ...first, seed: fold(first.seed, 1) }], { ...plain, count: 8 })
    const distinct = new Set([...answers!, ...others!].map(({ tokens }) => tokens.join(' ')))
    expect(distinct.size).toBeGreaterThan(8)
  })

  examine('where no answers are asked for there are none', async (specimen) => {
    const policy = await specimen.trainer.policy()
    expect(await policy.sample([], plain)).toEqual([])
    expect(await policy.sample(requests(specimen), { ...plain, count: 0 })).toEqual([[], [], []])
    expect(await policy.score([])).toEqual([])
  })

  examine('an answer ends with the end token, which stands nowhere else, or at the limit', async (specimen) => {
    const policy = await specimen.trainer.policy()
    const answers = (await policy.sample(requests(specimen), { ...plain, count: 64 })).flat()
    for (const { tokens, end, logprobs, sampledLogprobs } of answers) {
      expect([logprobs.length, sampledLogprobs.length]).toEqual([tokens.length, tokens.length])
      expect(tokens.length).toBeLessThanOrEqual(plain.maxTokens)
      expect(tokens.indexOf(specimen.endToken)).toBe(end === 'eos' ? tokens.length - 1 : -1)
      expect(end).toBe(tokens.at(-1) === specimen.endToken ? 'eos' : 'length')
      expect(end === 'length' ? tokens.length : plain.maxTokens).toBe(plain.maxTokens)
    }
    expect(new Set(answers.map(({ end }) => end))).toEqual(new Set(['eos', 'length']))
  })
}

export function distributions(examine: Examine): void {
  examine('greedy answers are the likeliest tokens, with log-probability 0 as drawn', async (specimen) => {
    const policy = await specimen.trainer.policy()
    const [request] = requests(specimen)
    const [answers] = await policy.sample([request], { ...plain, temperature: 0 })
    const logprobs = await nextToken(specimen, policy, request.prompt)
    expect(new Set(answers!.map(({ tokens }) => tokens.join(' '))).size).toBe(1)
    expect(answers![0]!.tokens[0]).toBe(logprobs.indexOf(Math.max(...logprobs)))
    expect(answers![0]!.sampledLogprobs.every((logprob) => logprob === 0)).toBe(true)
    expect(answers![0]!.logprobs[0]).toBeCloseTo(Math.max(...logprobs), closeTo)
  })

  const settings = [
    plain,
    { ...plain, temperature: 0.7 },
    { ...plain, topK: 5 },
    { ...plain, topP: 0.6 },
    { ...plain, minP: 0.5 },
    { ...plain, temperature: 1.5, topK: 12, topP: 0.8, minP: 0.2 },
  ]
  for (const { temperature, topK, topP, minP } of settings) {
    const title = `temperature ${temperature}, top-k ${topK}, top-p ${topP}, min-p ${minP}`
    examine(`frequencies and both log-probabilities follow the distribution: ${title}`, async (specimen) => {
      const policy = await specimen.trainer.policy()
      const [request] = requests(specimen)
      const [answers] = await policy.sample([request], { ...plain, temperature, topK, topP, minP, count: 2000, maxTokens: 1 })
      const logprobs = await nextToken(specimen, policy, request.prompt)
      const probabilities = drawnFrom(logprobs, { temperature, topK, topP, minP })
      const counts = new Float64Array(specimen.vocabularySize)
      const differences = answers!.map(({ tokens: [token], logprobs: [full], sampledLogprobs: [drawn] }) => {
        counts[token!]!++
        return Math.max(Math.abs(full! - logprobs[token!]!), Math.abs(drawn! - Math.log(probabilities[token!]!)))
      })
      expect(Math.max(...differences)).toBeLessThan(10 ** -closeTo)
      expect(chiSquare(counts, probabilities)).toBeLessThan(1)
    })
  }
}

/** Pearson's statistic as a share of its critical value at 1 in 10,000 (Wilson and Hilferty), tokens expected under 5 times taken together. */
function chiSquare(counts: Float64Array, probabilities: Float64Array): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const cells: { count: number; expected: number }[] = []
  const rare = { count: 0, expected: 0 }
  probabilities.forEach((probability, token) => {
    const expected = total * probability
    if (expected >= 5) cells.push({ count: counts[token]!, expected })
    else [rare.count, rare.expected] = [rare.count + counts[token]!, rare.expected + expected]
  })
  if (rare.expected > 0) cells.push(rare)
  const degrees = cells.length - 1
  if (degrees === 0) return 0
  const statistic = cells.reduce((sum, { count, expected }) => sum + (count - expected) ** 2 / expected, 0)
  return statistic / (degrees * (1 - 2 / (9 * degrees) + 3.72 * Math.sqrt(2 / (9 * degrees))) ** 3)
}

export function scoring(examine: Examine): void {
  examine('a score is the same bits alone and in a batch, and 0 below `from`', async (specimen) => {
    const policy = await specimen.trainer.policy()
    const asked = [9, 3, 14].map((length, number) => ({ tokens: prompt(specimen, number, length), from: number + 1 }))
    const together = await policy.score([...asked, asked[0]!])
    for (const [i, request] of asked.entries()) {
      expect(await policy.score([request])).toEqual([together[i]])
      expect(together[i]!.logprobs).toHaveLength(request.tokens.length)
      for (const numbers of [together[i]!.logprobs, together[i]!.entropies])
        expect(numbers.slice(0, request.from).every((value) => value === 0)).toBe(true)
    }
    expect(together[3]).toEqual(together[0])
  })

  examine('a score agrees with the sampler, whatever the answer was drawn from', async (specimen) => {
    const policy = await specimen.trainer.policy()
    const asked = requests(specimen)
    for (const setting of [plain, { ...plain, temperature: 0.6, topK: 9 }]) {
      const answers = await policy.sample(asked, setting)
      for (const [i, request] of asked.entries()) {
        const from = request.prompt.length
        const scores = await policy.score(answers[i]!.map((answer) => ({ tokens: sequence(request, answer), from })))
        const differences = answers[i]!.flatMap(({ logprobs }, k) =>
          Array.from(logprobs, (logprob, t) => Math.abs(logprob - scores[k]!.logprobs[from + t]!)),
        )
        expect(Math.max(...differences)).toBeLessThan(10 ** -closeTo)
      }
    }
  })

  examine('scores are log-probabilities and entropies of one distribution over the vocabulary', async (specimen) => {
    const policy = await specimen.trainer.policy()
    const tokens = prompt(specimen, 0, 9)
    const [{ entropies, logprobs }] = (await policy.score([{ tokens, from: 1 }])) as [TokenScores]
    const distribution = await nextToken(specimen, policy, tokens.subarray(0, 8))
    expect(distribution.reduce((sum, logprob) => sum + Math.exp(logprob), 0)).toBeCloseTo(1, closeTo)
    expect(logprobs[8]).toBeCloseTo(distribution[tokens[8]!]!, closeTo)
    expect(entropies[8]).toBeCloseTo(entropyOf(distribution), closeTo)
  })
}
