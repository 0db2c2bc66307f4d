import { expect, test } from 'vitest'
import { verifyNumber } from '../tasks/math-answer.ts'
import type { Group, Judge, Problem, Verdict } from '../types.ts'
import { withAgreements } from './agreement.ts'
import { isMajorityRight } from './majority.ts'

const verify = ({ answer }: Problem, text: string): Verdict => verifyNumber(answer, text)
const group = (id: string, answer: string, ...texts: string[]): Group => {
  const problem = { id, question: '?', answer }
  const none = { tokens: new Int32Array(), logprobs: new Float32Array(), sampledLogprobs: new Float32Array(), end: 'eos' as const }
  const rollouts = texts.map((text) => ({ completion: none, text, verdict: verify(problem, text) }))
  return { problem, prompt: new Int32Array(), rollouts }
}
const groups = [
  group('a', '0.5', 'It is 1/2.', 'It is 3.', 'It is 0.50.', 'It is 6/2.', 'It is 0.5.'),
  group('b', '7', 'It is 1.', 'It is 2.', 'It is 3.'),
  group('c', '7', 'It is 7.', 'It is 7.'),
  group('d', '7', 'I do not know.'),
]

test('what a vote asks is judged for all groups in a few calls, and then nothing is left to ask', async () => {
  const calls: number[] = []
  let asked = 0
  const task: Judge = {
    ask: () => '',
    askForReflection: () => '',
    verify: (problem, text) => {
      asked += 1
      return verify(problem, text)
    },
    verifyMany: (pairs) => {
      calls.push(pairs.length)
      return Promise.resolve(pairs.map(([problem, text]) => verify(problem, text)))
    },
  }
  const judge = await withAgreements(task, groups)
  // a: 3, 0.50, 6/2 and 0.5 against 1/2, then 6/2 against 3; b: 2 and 3 against 1, then 3 against 2
  expect(calls).toEqual([6, 2])
  expect(groups.map((each) => isMajorityRight(each, judge))).toEqual([true, false, true, false])
  expect(asked).toBe(0)
  expect(groups.map((each) => isMajorityRight(each, { verify }))).toEqual([true, false, true, false])
})

test('a task that judges one after the other stays as it is', async () => {
  const task: Judge = { ask: () => '', askForReflection: () => '', verify }
  expect(await withAgreements(task, groups)).toBe(task)
})
