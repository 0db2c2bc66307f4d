import { expect, test } from 'vitest'
import { verifyNumber } from '../tasks/math-answer.ts'
import type { Group } from '../types.ts'
import { isMajorityRight } from './majority.ts'

const task = { verify: ({ answer }: { readonly answer: string }, text: string) => verifyNumber(answer, text) }
const group = (...texts: string[]): Group => {
  const problem = { id: 'a', question: '?', answer: '0.5' }
  const none = { tokens: new Int32Array(), logprobs: new Float32Array(), sampledLogprobs: new Float32Array(), end: 'eos' as const }
  return {
    problem,
    prompt: new Int32Array(),
    rollouts: texts.map((text) => ({ completion: none, text, verdict: task.verify(problem, text) })),
  }
}

test('the answer that most attempts give decides, however it is written', () => {
  expect(isMajorityRight(group('It is 1/2.', 'It is 3.', 'It is 0.50.'), task)).toBe(true)
  expect(isMajorityRight(group('It is 3.', 'It is 1/2.', 'It is 3.0'), task)).toBe(false)
})

test('of equally frequent answers the first counts, and attempts without an answer do not vote', () => {
  expect(isMajorityRight(group('It is 1/2.', 'It is 3.'), task)).toBe(true)
  expect(isMajorityRight(group('It is 3.', 'It is 1/2.'), task)).toBe(false)
  expect(isMajorityRight(group('I do not know.', 'Nor do I.', 'It is 1/2.'), task)).toBe(true)
  expect(isMajorityRight(group('I do not know.'), task)).toBe(false)
})
