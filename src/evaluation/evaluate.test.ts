import { expect, test } from 'vitest'
import { scripted } from '../engine/scripted.ts'
import { seedOf } from '../random.ts'
import { problems, settings, task, tokenizer } from '../store/fixtures/training.ts'
import { evaluate, evaluationRecord, firstParts, firstProblems, nextProblems, type EvaluateOptions } from './evaluate.ts'
import { type Interval, wilson } from './wilson.ts'

/**
 * Of four answers to the question 1, two begin with 2 (right); to the question 2, none begins with 4. The first answer to
 * each is also the greedy one.
 */
const answers = (prompt: Int32Array, sample: number): number[] => (prompt[0] === 11 ? [sample < 2 ? 2 : 3] : [9, 9, 9, 9, 9, 9])
const trainer = scripted({ vocabularySize: tokenizer.vocabularySize, endTokens: tokenizer.endTokens, answers })

async function options(changes: Partial<EvaluateOptions> = {}): Promise<EvaluateOptions> {
  const sampling = { ...settings(1).sampling, count: 4, maxTokens: 4 }
  const two = [problems.at(1), problems.at(2)]
  return { name: 'digits', policy: await trainer.policy(), tokenizer, task, problems: two, sampling, seed: seedOf(3), ...changes }
}

test('two problems with 2 and 0 of 4 right, by hand', async () => {
  const result = await evaluate(await options({ greedy: true, reflects: (text) => text.startsWith('9') || text.startsWith('3') }))
  expect(result.right).toEqual([2, 0])
  expect(result.passAt1.value).toBe(0.25)
  expect(result.passAt1.low).toBeCloseTo(0.0715, 4) // Wilson, 2 of 8
  expect(result.passAt1.high).toBeCloseTo(0.5907, 4)
  expect(result.passAt1OverProblems).toEqual({ value: 0.25, low: 0, high: 0.5 })
  expect(result.passAtK.map(({ k, value }) => [k, value])).toEqual([
    [1, 0.25],
    [2, (1 - 1 / 6) / 2], // 1 - C(2,2) / C(4,2)
    [4, 0.5],
  ])
  expect(result.greedy?.value).toBe(0.5)
  expect(Object.values(result.reflection ?? {}).map(({ value }: Interval) => value)).toEqual([6 / 8, 1, 0, 2 / 8])
  expect(result.truncatedShare).toEqual(wilson(4, 8))
  expect(result.undecidedShare).toEqual(wilson(0, 8))
  expect(result.majority.value).toBe(0.5) // 2, 2, 3, 3 of the first question: the first of the most frequent is right
  expect(result.meanLength).toEqual({ value: (2 + 4) / 2, low: 2, high: 4 })
  expect(result.sampledTokens).toBe(24)
})

test('the record keeps every figure under one name and leaves out those that do not exist', async () => {
  const record = evaluationRecord(await evaluate(await options({ reflects: () => false })))
  expect(record).toMatchObject({ name: 'digits', samples: 4, problems: ['double/1', 'double/2'], right: [2, 0] })
  const names = 'passAt1 passAt1OverProblems passAt2 passAt4 majority reflectionRate directSolutionRate directlyRight meanLength'.split(' ')
  const shares = [...names, 'truncatedShare', 'undecidedShare'].flatMap((name) => [name, `${name}Low`, `${name}High`])
  expect(Object.keys(record.figures).toSorted()).toEqual([...shares, 'sampledTokens'].toSorted())
})

test('sets have figures of their own, and all together', async () => {
  const parts = [
    { name: 'ones', size: 1 },
    { name: 'twos', size: 1 },
  ]
  const result = await evaluate(await options({ parts, greedy: true }))
  expect(result.parts?.map(({ name, problems: ids, passAt1, greedy }) => [name, ids, passAt1.value, greedy?.value])).toEqual([
    ['ones', ['double/1'], 0.5, 1],
    ['twos', ['double/2'], 0, 0],
  ])
  expect(result.passAt1OverParts).toEqual({ value: 0.25, low: 0.25, high: 0.25 }) // one problem each: nothing else can be drawn
  const { figures } = evaluationRecord(result)
  expect([figures['ones.passAt1'], figures['twos.passAt1'], figures['passAt1OverParts'], figures['passAt1']]).toEqual([0.5, 0, 0.25, 0.25])
})

test('answers that could not be judged have a share of their own, and are not right', async () => {
  const verify: typeof task.verify = (problem, text) =>
    text.startsWith('9') ? { reward: 0, answer: text, undecided: true } : task.verify(problem, text)
  const parts = [
    { name: 'ones', size: 1 },
    { name: 'twos', size: 1 },
  ]
  const result = await evaluate(await options({ task: { ...task, verify }, parts }))
  expect([result.undecidedShare, result.parts?.map(({ undecidedShare }) => undecidedShare.value)]).toEqual([wilson(4, 8), [0, 1]])
  const { low } = wilson(4, 4)
  expect(evaluationRecord(result).figures).toMatchObject({ undecidedShare: 0.5, 'twos.undecidedShare': 1, 'twos.undecidedShareLow': low })
})

test('the same seed asks every policy the same way', async () => {
  const drawn = await scripted({ vocabularySize: tokenizer.vocabularySize, endTokens: tokenizer.endTokens }).policy()
  const once = await evaluate(await options({ policy: drawn }))
  expect(await evaluate(await options({ policy: drawn }))).toEqual(once)
})

test('firstProblems takes what there is', () => {
  expect(firstProblems(problems, 2).map((problem) => problem.id)).toEqual(['double/0', 'double/1'])
  expect(firstProblems(problems, 99)).toHaveLength(10)
  const set = {
    ...problems,
    parts: [
      { name: 'a', size: 7 },
      { name: 'b', size: 3 },
    ],
  }
  expect(firstProblems(set, 2).map(({ id }) => id)).toEqual(['double/0', 'double/1', 'double/7', 'double/8'])
  expect(nextProblems(set, 2, 2).map(({ id }) => id)).toEqual(['double/2', 'double/3', 'double/9'])
  expect(firstParts(set, 5)).toEqual([
    { name: 'a', size: 5 },
    { name: 'b', size: 3 },
  ])
})
