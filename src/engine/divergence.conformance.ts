/** What a divergence from a teacher promises, as tests (conformance.ts): of engines that offer it; the others refuse it. */
import { expect } from 'vitest'
import { EngineError } from '../errors.ts'
import type { Example } from '../types.ts'
import { divergenceOf, type TokenDivergence } from './divergence.ts'
import type { Direction, Divergence, Policy, PolicyVersion, Trainer, Update } from './engine.ts'
import { batch, closeTo, type Examine, fingerprint, nextToken, prompt, type Specimen, update } from './specimen.conformance.ts'

const ADVANTAGE = 0.5
const start = 0 as PolicyVersion

function toward(teacher: PolicyVersion, direction: Direction = 'forward', cap: number = Infinity): Update & { objective: Divergence } {
  return { ...update, objective: { kind: 'divergence', direction, cap, teacher } }
}

/** Two tokens each of two answers to one prompt, of which the teacher sees another one. */
async function taught(specimen: Specimen, policy: Policy): Promise<Example[]> {
  const answers = await batch(specimen, policy, { advantage: ADVANTAGE })
  return answers.slice(0, 2).map(({ tokens, logprobs, advantages, ...rest }) => {
    const length = Math.min(tokens.length, rest.promptLength + 2)
    const cut = { tokens: tokens.slice(0, length), logprobs: logprobs.slice(0, length), advantages: advantages.slice(0, length) }
    return { ...rest, ...cut, teacherPrompt: prompt(specimen, 1, 11) }
  })
}

/** What every trained token's divergence is, by the distributions that the policies themselves tell. */
async function expected(specimen: Specimen, [student, teacher]: readonly [Policy, Policy], of: Divergence, examples: readonly Example[]) {
  const all: TokenDivergence[] = []
  for (const { tokens, promptLength, teacherPrompt = tokens.slice(0, promptLength) } of examples) {
    for (let t = promptLength; t < tokens.length; t++) {
      const context = Int32Array.from([...teacherPrompt, ...tokens.slice(promptLength, t)])
      const theirs = await nextToken(specimen, teacher, context)
      all.push(divergenceOf(theirs, await nextToken(specimen, student, tokens.slice(0, t)), of))
    }
  }
  const mean = (value: (token: TokenDivergence) => number): number => all.reduce((sum, token) => sum + value(token), 0) / all.length
  return {
    tokens: all.length,
    loss: ADVANTAGE * mean(({ capped }) => capped),
    divergence: mean(({ whole }) => whole),
    clipShare: mean(({ capped, whole }) => (capped < whole ? 1 : 0)),
  }
}

/** A promise of engines that offer it. */
function promised(examine: Examine, promise: string, body: (specimen: Specimen) => Promise<void>): void {
  examine(promise, async (specimen) => {
    if (specimen.trainer.objectives.includes('divergence')) return body(specimen)
    await expect(specimen.trainer.step(await taught(specimen, await specimen.trainer.policy()), toward(start))).rejects.toThrow(EngineError)
  })
}

export function diverging(examine: Examine): void {
  for (const direction of ['forward', 'reverse', 'jsd'] as const) {
    for (const cap of [Infinity, 0.002]) {
      promised(examine, `divergence: ${direction}, cap ${cap}: the report is what the scores say, and it falls`, async (specimen) => {
        const { trainer } = specimen
        const policy = await trainer.policy()
        const examples = await taught(specimen, policy)
        const { objective, ...rest } = toward(policy.version, direction, cap)
        const { tokens, loss, divergence, clipShare } = await expected(specimen, [policy, policy], objective, examples)
        const report = await trainer.step(examples, { ...rest, objective })
        expect([report.tokens, report.clipShare]).toEqual([tokens, clipShare])
        expect(report.loss / tokens).toBeCloseTo(loss, closeTo)
        expect(report.divergence).toBeCloseTo(divergence, closeTo)
        expect([report.gradientNorm > 0, clipShare > 0]).toEqual([true, Number.isFinite(cap)])
        await trainer.step(examples, { ...rest, objective })
        expect((await trainer.step(examples, { ...rest, objective })).loss).toBeLessThan(report.loss)
      })
    }
  }

  promised(examine, 'divergence: from itself behind the same prompt there is none', async (specimen) => {
    const { trainer } = specimen
    const policy = await trainer.policy()
    const examples = (await taught(specimen, policy)).map(({ teacherPrompt: _, ...example }) => example)
    const report = await trainer.step(examples, toward(policy.version))
    expect(report.loss).toBeCloseTo(0, closeTo)
    expect(report.gradientNorm).toBeLessThan(10 ** -closeTo)
  })

  promised(examine, 'divergence: a held policy teaches as it was, and one that is released no more', async (specimen) => {
    const { trainer } = specimen
    const teacher = await trainer.policy()
    const examples = await taught(specimen, teacher)
    for (let step = 0; step < 3; step++) await trainer.step(examples, update)
    const student = await trainer.policy()
    const { objective, ...rest } = toward(teacher.version)
    const { loss, tokens } = await expected(specimen, [student, teacher], objective, examples)
    const report = await trainer.step(examples, { ...rest, objective })
    expect(report.loss / tokens).toBeCloseTo(loss, closeTo)
    await teacher.release()
    await expectRefused(specimen, examples, toward(teacher.version))
  })
}

async function expectRefused({ trainer, ...specimen }: Specimen, examples: readonly Example[], given: Parameters<Trainer['step']>[1]) {
  const policy = await trainer.policy()
  const print = await fingerprint({ trainer, ...specimen }, policy)
  await expect(trainer.step(examples, given)).rejects.toThrow('neither the current one nor held by a policy')
  const after = await trainer.policy()
  expect(after.version).toBe(policy.version)
  expect(await fingerprint({ trainer, ...specimen }, after)).toEqual(print)
}
