import { expect, test } from 'vitest'
import type { Policy, PolicyVersion } from '../engine/engine.ts'
import { evaluateUnlessStopped } from './stoppable.ts'

/** Counts how many policies are out. */
function counted(): { out: number; policy(): Promise<Policy> } {
  const trainer = {
    out: 0,
    policy(): Promise<Policy> {
      trainer.out += 1
      const nothing = (): Promise<never[]> => Promise.resolve([])
      return Promise.resolve({
        version: 0 as PolicyVersion,
        sample: nothing,
        score: nothing,
        release: () => Promise.resolve(void (trainer.out -= 1)),
      })
    },
  }
  return trainer
}

test('an evaluation that nobody stops gives what it gives, and fails as it fails', async () => {
  const trainer = counted()
  for (const signal of [undefined, new AbortController().signal]) {
    expect(await evaluateUnlessStopped(trainer, () => Promise.resolve(7), signal)).toBe(7)
    await expect(evaluateUnlessStopped(trainer, () => Promise.reject(new Error('too hard')), signal)).rejects.toThrow('too hard')
    expect(trainer.out).toBe(0)
  }
})

test('an evaluation is not begun after the signal', async () => {
  const begun = (): Promise<never> => Promise.reject(new Error('begun'))
  expect(await evaluateUnlessStopped(counted(), begun, AbortSignal.abort())).toBeUndefined()
})

test('an evaluation that is going on is left at once; its policy is released at its end, and its failure disturbs nobody', async () => {
  const trainer = counted()
  const controller = new AbortController()
  let fail = (): void => {}
  const endless = (): Promise<number> => new Promise((_, reject) => (fail = () => reject(new Error('nobody listens'))))
  const left = evaluateUnlessStopped(trainer, endless, controller.signal)
  await new Promise(setImmediate)
  controller.abort()
  expect([await left, trainer.out]).toEqual([undefined, 1])
  fail()
  await new Promise(setImmediate)
  expect(trainer.out).toBe(0)
})
