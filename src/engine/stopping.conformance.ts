/** What stop strings promise, as tests (conformance.ts): where an answer ends, what it keeps, and what goes first. */
import { expect } from 'vitest'
import type { Completion } from '../types.ts'
import { type Examine, plain, requests, type Specimen } from './specimen.conformance.ts'

const never = '\u2603 in no vocabulary'
const many = { ...plain, count: 32 }

export function stopping(examine: Examine): void {
  examine('an answer with stop strings is the one without them, up to the token that completes the first', async (specimen) => {
    const policy = await specimen.trainer.policy()
    const asked = requests(specimen)
    const free = await policy.sample(asked, many)
    const { text, tokens } = longest(specimen, free.flat())
    const [early, late] = [textOf(specimen, tokens, 1), text.slice(-3)]
    for (const stop of [[early], [late], [never, late, early]]) {
      const stopped = await policy.sample(asked, { ...many, stop })
      expect(stopped).toEqual(free.map((answers) => answers.map((answer) => cut(specimen, answer, stop))))
      expect(stopped.flat().map(({ end }) => end)).toContain('stop')
    }
  })

  examine(
    'a stop string may lie across several tokens and end inside one, which is kept whole with its log-probabilities',
    async (specimen) => {
      const policy = await specimen.trainer.policy()
      const asked = requests(specimen)
      const free = (await policy.sample(asked, many)).flat()
      const { tokens, text, at } = longest(specimen, free)
      const last = tokens.findLastIndex((_, t) => textOf(specimen, tokens, t + 1).length > textOf(specimen, tokens, t).length)
      const across = text.slice(textOf(specimen, tokens, last - 2).length, textOf(specimen, tokens, last).length + 1)
      const answer = (await policy.sample(asked, { ...many, stop: [across] })).flat()[at] as Completion
      const kept = last + 1
      expect(answer.tokens).toEqual(tokens.subarray(0, kept))
      expect(answer.end).toBe('stop')
      expect(answer.logprobs).toEqual(free[at]!.logprobs.subarray(0, kept))
      expect(answer.sampledLogprobs).toEqual(free[at]!.sampledLogprobs.subarray(0, kept))
    },
  )

  examine('without a stop string in it an answer ends with the end token or at the limit, as it would have', async (specimen) => {
    const policy = await specimen.trainer.policy()
    const asked = requests(specimen)
    const free = await policy.sample(asked, many)
    expect(await policy.sample(asked, { ...many, stop: [never] })).toEqual(free)
    expect(new Set(free.flat().map(({ end }) => end))).toEqual(new Set(['eos', 'length']))
  })

  examine('the end token ends an answer although a stop string has begun, and a stop string goes before the limit', async (specimen) => {
    const policy = await specimen.trainer.policy()
    const asked = requests(specimen)
    const free = (await policy.sample(asked, many)).flat()
    const ended = free.findIndex(({ tokens, end }) => end === 'eos' && textOf(specimen, tokens).length > 1)
    const begun = textOf(specimen, free[ended]!.tokens).slice(-1) + never
    expect((await policy.sample(asked, { ...many, stop: [begun] })).flat()[ended]).toEqual(free[ended])
    const { tokens, at } = longest(specimen, free)
    const first = tokens.findIndex((_, t) => textOf(specimen, tokens, t + 1) !== '') + 1
    const limited = await policy.sample(asked, { ...many, maxTokens: first, stop: [textOf(specimen, tokens, first)] })
    expect(limited.flat()[at]).toMatchObject({ tokens: tokens.subarray(0, first), end: 'stop' })
  })
}

function textOf({ decode }: Specimen, tokens: Int32Array, length: number = tokens.length): string {
  return decode(tokens.subarray(0, length))
}

/** The answer with the most text, and its index. */
function longest(specimen: Specimen, answers: readonly Completion[]): { tokens: Int32Array; text: string; at: number } {
  const texts = answers.map(({ tokens }) => textOf(specimen, tokens))
  const at = texts.findIndex(({ length }) => length === Math.max(...texts.map((text) => text.length)))
  return { tokens: answers[at]!.tokens, text: texts[at] as string, at }
}

/** What is left of an answer that was drawn without stop strings: found by the definition, with the text of every beginning. */
function cut(specimen: Specimen, { tokens, logprobs, sampledLogprobs, end }: Completion, stop: readonly string[]): Completion {
  const complete = tokens.findIndex((_, t) => stop.some((string) => textOf(specimen, tokens, t + 1).includes(string)))
  const kept = complete < 0 ? tokens.length : complete + 1
  return {
    tokens: tokens.subarray(0, kept),
    logprobs: logprobs.subarray(0, kept),
    sampledLogprobs: sampledLogprobs.subarray(0, kept),
    end: complete < 0 ? end : 'stop',
  }
}
