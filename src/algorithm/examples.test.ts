import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Aggregation, type Sequence, examples } from './examples.ts'

const ones = (length: number): Float32Array => new Float32Array(length).fill(1)

/** `length` answer tokens 10, 11 ... after the prompt 1 2 3, with log-probabilities -0.5. */
function sequence(length: number, advantage: Sequence['advantage'], more: Partial<Sequence> = {}): Sequence {
  const tokens = Int32Array.from({ length }, (_, t) => 10 + t)
  return {
    id: 'p rollout 0',
    origin: 'rollout',
    prompt: Int32Array.of(1, 2, 3),
    tokens,
    logprobs: ones(length).fill(-0.5),
    advantage,
    ...more,
  }
}

const of = (aggregation: Aggregation, scale?: number) => ({ aggregation, maxTokens: 8, ...(scale !== undefined && { scale }) })

test('prompt and answer are one sequence, with zeros on the prompt', () => {
  const [example] = examples([sequence(2, 3)], of('token-mean'))
  expect(example).toEqual({
    id: 'p rollout 0',
    origin: 'rollout',
    promptLength: 3,
    tokens: Int32Array.of(1, 2, 3, 10, 11),
    logprobs: Float32Array.of(0, 0, 0, -0.5, -0.5),
    advantages: Float32Array.of(0, 0, 0, 1.5, 1.5),
  })
})

test('token-mean divides by all trained tokens: 2 + 6 of them', () => {
  const [short, long] = examples([sequence(2, 1), sequence(6, -1), sequence(9, 0)], of('token-mean'))
  expect(short!.advantages.slice(3)).toEqual(ones(2).fill(1 / 8))
  expect(long!.advantages.slice(3)).toEqual(ones(6).fill(-1 / 8))
})

test('sequence-mean divides by the own length, then by the number of trained sequences', () => {
  const [short, long, zero] = examples([sequence(2, 1), sequence(4, -1), sequence(9, 0)], of('sequence-mean'))
  expect(short!.advantages.slice(3)).toEqual(ones(2).fill(1 / 4))
  expect(long!.advantages.slice(3)).toEqual(ones(4).fill(-1 / 8))
  expect(zero!.advantages).toEqual(new Float32Array(12))
})

test('constant-length divides by the response limit, then by the number of trained sequences', () => {
  const [short, long] = examples([sequence(2, 1), sequence(4, -1)], of('constant-length'))
  expect(short!.advantages.slice(3)).toEqual(ones(2).fill(1 / 16))
  expect(long!.advantages.slice(3)).toEqual(ones(4).fill(-1 / 16))
})

test('weights and lambda multiply, context tokens carry nothing and are not counted', () => {
  const weights = Float32Array.of(1, 10, 0.5, 2)
  const [example] = examples([sequence(4, 1, { weights, contextLength: 2 })], of('token-mean', 4))
  expect(example!.advantages).toEqual(Float32Array.of(0, 0, 0, 0, 0, 0.5 * 2, 2 * 2))
})

test('advantages of their own for tokens keep their signs, and a 0 among them is counted: (1 -3 0) and -2 over 3 + 1 tokens', () => {
  const [first, second, zero] = examples(
    [sequence(3, Float32Array.of(1, -3, 0)), sequence(1, -2), sequence(2, new Float32Array(2))],
    of('token-mean'),
  )
  expect(first!.advantages).toEqual(Float32Array.of(0, 0, 0, 1 / 4, -3 / 4, 0))
  expect(second!.advantages).toEqual(Float32Array.of(0, 0, 0, -2 / 4))
  expect(zero!.advantages).toEqual(new Float32Array(5))
})

test('without old log-probabilities there are zeros', () => {
  const { logprobs: _, ...plain } = sequence(2, 1)
  expect(examples([plain], of('token-mean'))[0]!.logprobs).toEqual(new Float32Array(5))
})

test('arrays of different lengths are refused with the id and every length', () => {
  const shortLogprobs = { ...sequence(3, 1), logprobs: ones(2) }
  expect(() => examples([shortLogprobs], of('token-mean'))).toThrow('example p rollout 0: 3 tokens, 2 logprobs, 0 of context')
  const longWeights = sequence(3, 1, { weights: ones(4) })
  expect(() => examples([longWeights], of('token-mean'))).toThrow('3 tokens, 3 logprobs, 4 weights')
  expect(() => examples([sequence(3, ones(2))], of('token-mean'))).toThrow('3 tokens, 3 logprobs, 2 advantages')
  expect(() => examples([sequence(3, 1, { contextLength: 3 })], of('token-mean'))).toThrow('3 of context')
})

test('of n sequences with advantage 1 the per-token advantages sum to 1 under both means', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(lengths, fc.constantFrom<Aggregation>('token-mean', 'sequence-mean'), (list, aggregation) => {
      const made = examples(
        list.map((length) => sequence(length, 1)),
        of(aggregation),
      )
      const total = made.reduce((sum, example) => sum + example.advantages.reduce((a, b) => a + b, 0), 0)
      expect(total).toBeCloseTo(1, 4)
    }),
  )
})

test('lambda scales every advantage and nothing else', () => {
  const twice = examples([sequence(3, 1), sequence(5, -2)], of('token-mean', 2))
  const once = examples([sequence(3, 1), sequence(5, -2)], of('token-mean'))
  twice.forEach((example, i) => expect(example).toEqual({ ...once[i], advantages: once[i]!.advantages.map((value) => 2 * value) }))
})
