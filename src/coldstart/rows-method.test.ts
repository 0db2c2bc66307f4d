import { expect, test } from 'vitest'
import { contextOf, model, problem, right, task, tokenizer, wrong } from '../methods/fixtures/sums.ts'
import { seedOf } from '../random.ts'
import { attempt } from '../rollout/attempt.ts'
import type { MethodResult } from '../methods/method.ts'
import { rowsToLearn, writeCorrections } from './build.ts'
import { answered, asked, judging } from './fixtures/answered.ts'
import { askingRows, learnRows, rowProblems, type RowsOptions } from './rows-method.ts'
import { taskWriter } from './writers.ts'

const parts = await answered(1, [right, wrong])
await writeCorrections(parts, { asked, tries: 1, writer: () => taskWriter(judging) })
const rows = rowsToLearn(parts, 'task')

async function learn(options?: RowsOptions): Promise<MethodResult> {
  const policy = await model({ attempts: [], replies: [] }).policy()
  const problems = rowProblems(rows)
  const sampling = { count: 0, maxTokens: 9000, temperature: 1, topK: 0, topP: 1, minP: 0, stop: [] }
  const context = { policy, tokenizer, task: askingRows(task), sampling, seed: seedOf(1), contextLength: 4000 }
  const groups = await attempt(
    context,
    Array.from({ length: problems.size }, (_, i) => problems.at(i)),
  )
  return learnRows(rows, options)(groups, contextOf(policy, { contextLength: 4000 }))
}

test('each row is an example of its own after its own prompt, all likelihood with one mean over tokens', async () => {
  const { examples, objective, metrics } = await learn()
  expect(objective).toEqual({ kind: 'likelihood' })
  expect(examples.map(({ id }) => id)).toEqual(['sums/0 solution 0 row', 'sums/0 correction 1 row', 'sums/0 reflection 1 row'])
  for (const [i, { tokens, promptLength }] of examples.entries()) {
    expect(tokenizer.decode(tokens.subarray(0, promptLength))).toBe(rows[i]!.prompt)
    expect(tokenizer.decode(tokens.subarray(promptLength))).toBe(rows[i]!.completion)
    expect(tokens.at(-1)).toBe(0)
  }
  const trained = examples.reduce((sum, { tokens, promptLength }) => sum + tokens.length - promptLength, 0)
  expect(new Set(examples.flatMap(({ advantages, promptLength }) => [...advantages.subarray(promptLength)]))).toEqual(
    new Set([Math.fround(1 / trained)]),
  )
  expect(metrics).toMatchObject({
    'demonstration.solution': 1,
    'demonstration.correction': 1,
    'demonstration.reflection': 1,
    'demonstration.noRoom': 0,
  })
})

test('with the prefix as context a correction is learnt from its end on; replies are learnt whole', async () => {
  const { examples } = await learn({ prefixLoss: 'context' })
  const first = (i: number): number => examples[i]!.advantages.findIndex((advantage) => advantage !== 0) - examples[i]!.promptLength
  expect([first(0), first(1), first(2)]).toEqual([0, rows[1]!.prefix.length, 0])
  expect(rows[1]!.prompt).toBe(problem.question)
})
