/** What training, versions and checkpoints promise, as tests (conformance.ts). */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { EngineError, StoreError } from '../errors.ts'
import type { TokenScores } from '../types.ts'
import {
  answerLogprob,
  batch,
  closeTo,
  type Examine,
  fingerprint,
  plain,
  requests,
  type Specimen,
  surrogate,
  update,
} from './specimen.conformance.ts'

export function versions(examine: Examine): void {
  examine('a policy is frozen, and a step makes another version', async (specimen) => {
    const { trainer } = specimen
    const before = await trainer.policy()
    const same = await trainer.policy()
    const print = await fingerprint(specimen, before)
    const answers = await before.sample(requests(specimen), plain)
    await trainer.step(await batch(specimen, before), update)
    const after = await trainer.policy()
    expect([before.version, same.version, after.version]).toEqual([0, 0, 1])
    expect(await fingerprint(specimen, before)).toEqual(print)
    expect(await before.sample(requests(specimen), plain)).toEqual(answers)
    expect(await fingerprint(specimen, after)).not.toEqual(print)
    await before.release()
    expect(await fingerprint(specimen, same)).toEqual(print)
  })
}

export function learning(examine: Examine): void {
  examine('likelihood: the report is what the scores say, and the loss falls', async (specimen) => {
    const { trainer } = specimen
    const policy = await trainer.policy()
    const examples = await batch(specimen, policy, { advantage: 0.5 })
    const scores = await policy.score(examples.map(({ tokens, promptLength }) => ({ tokens, from: promptLength })))
    const sum = (of: (scores: TokenScores) => Float32Array): number =>
      scores.flatMap((each) => Array.from(of(each))).reduce((a, b) => a + b, 0)
    const tokens = examples.reduce((total, example) => total + example.tokens.length - example.promptLength, 0)
    const first = await trainer.step(examples, update)
    expect(first).toMatchObject({ tokens, clipShare: 0, kl: 0, logprobDifference: 0 })
    expect(first.loss / tokens).toBeCloseTo(-0.5 * (sum(({ logprobs }) => logprobs) / tokens), closeTo)
    expect(first.entropy).toBeCloseTo(sum(({ entropies }) => entropies) / tokens, closeTo)
    expect(first.gradientNorm).toBeGreaterThan(0)
    const losses = [first.loss]
    for (let step = 0; step < 5; step++) losses.push((await trainer.step(examples, update)).loss)
    expect(losses).toEqual(losses.toSorted((a, b) => b - a))
  })

  examine('policy gradient: a positive advantage makes answers likelier, a negative one less likely', async (specimen) => {
    for (const advantage of [1, -1]) {
      const { trainer } = specimen
      const policy = await trainer.policy()
      const examples = await batch(specimen, policy, { advantage })
      const report = await trainer.step(examples, surrogate)
      expect(report.loss / report.tokens).toBeCloseTo(-advantage, closeTo) // every ratio is 1
      expect(report.kl).toBeCloseTo(0, closeTo)
      expect(report.logprobDifference).toBeLessThan(10 ** -closeTo)
      expect(Math.sign((await answerLogprob(await trainer.policy(), examples)) - (await answerLogprob(policy, examples)))).toBe(advantage)
    }
  })

  examine('examples and tokens without an advantage change nothing', async (specimen) => {
    const { trainer } = specimen
    const policy = await trainer.policy()
    const print = await fingerprint(specimen, policy)
    const silent = await batch(specimen, policy, { advantage: 0, logRatio: 3 })
    expect(await trainer.step(silent, surrogate)).toMatchObject({ loss: 0, tokens: 0, gradientNorm: 0, entropy: 0 })
    expect(await trainer.step([], update)).toMatchObject({ tokens: 0 })
    const untouched = await trainer.policy()
    expect(untouched.version).toBe(policy.version)
    expect(await fingerprint(specimen, untouched)).toEqual(print)
  })
}

export function clipping(examine: Examine): void {
  const cases = [
    { ratio: 2, advantage: 1, loss: -1.3, clipped: true },
    { ratio: 2, advantage: -1, loss: 2, clipped: false },
    { ratio: 0.5, advantage: 1, loss: -0.5, clipped: false },
    { ratio: 0.5, advantage: -1, loss: 0.8, clipped: true },
  ]
  for (const { ratio, advantage, loss, clipped } of cases) {
    examine(
      `ratio ${ratio} with advantage ${advantage}: loss ${loss} a token, ${clipped ? 'no gradient' : 'a gradient'}`,
      async (specimen) => {
        const { trainer } = specimen
        const policy = await trainer.policy()
        const report = await trainer.step(await batch(specimen, policy, { advantage, logRatio: Math.log(ratio) }), surrogate)
        expect(report.loss / report.tokens).toBeCloseTo(loss, 3)
        expect(report.clipShare).toBe(clipped ? 1 : 0)
        expect(report.kl).toBeCloseTo(ratio - 1 - Math.log(ratio), 3)
        expect(report.logprobDifference).toBeCloseTo(Math.abs(Math.log(ratio)), 3)
        expect(report.gradientNorm === 0).toBe(clipped)
        const [before, after] = [await fingerprint(specimen, policy), await fingerprint(specimen, await trainer.policy())]
        expect(after.every((scores, i) => scores.logprobs.every((logprob, t) => logprob === before[i]!.logprobs[t]))).toBe(clipped)
      },
    )
  }
}

export function refusing(examine: Examine): void {
  for (const [what, change] of [
    ['an advantage that is no number', { advantage: NaN }],
    ['a ratio beyond all bounds', { advantage: -1, logRatio: 1e6 }],
  ] as const) {
    examine(`${what} is refused, and the weights are as before`, async (specimen) => {
      const { trainer } = specimen
      const policy = await trainer.policy()
      const print = await fingerprint(specimen, policy)
      await expect(trainer.step(await batch(specimen, policy, change), surrogate)).rejects.toThrow(EngineError)
      const after = await trainer.policy()
      expect(after.version).toBe(policy.version)
      expect(await fingerprint(specimen, after)).toEqual(print)
    })
  }
}

export function continuing(examine: Examine, make: () => Promise<Specimen>): void {
  examine('a saved and loaded engine goes on with the same bits, version included', async (specimen) => {
    const { trainer } = specimen
    const folder = await mkdtemp(join(tmpdir(), 'tapo-conformance-'))
    const directory = join(folder, 'checkpoint')
    const examples = await batch(specimen, await trainer.policy())
    await trainer.step(examples, update)
    await trainer.save(directory)
    await expect(trainer.save(directory)).rejects.toThrow(StoreError)
    const report = await trainer.step(examples, update)
    const expected = await trainer.policy()
    const other = await make()
    await other.trainer.load(directory)
    expect((await other.trainer.policy()).version).toBe(1)
    expect(await other.trainer.step(examples, update)).toEqual(report)
    const policy = await other.trainer.policy()
    expect(policy.version).toBe(expected.version)
    expect(await fingerprint(specimen, policy)).toEqual(await fingerprint(specimen, expected))
    await other.trainer.close()
    await rm(folder, { recursive: true })
  })
}
