import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetMetadataAsync, parquetReadObjects, asyncBufferFromFile } from 'hyparquet'
import { expect, test } from 'vitest'
import type { Example } from '../types.ts'
import { constructions, examples, groups } from './fixtures/step.ts'
import { examplesOf, rolloutRows } from './rollout-rows.ts'
import { encodeRollouts, readRollouts } from './rollouts.ts'

const rows = rolloutRows(groups, { constructions, examples })
const bytes = encodeRollouts(rows, 3)

function file(content: Uint8Array = bytes): string {
  const path = join(mkdtempSync(join(tmpdir(), 'tapo-')), 'step-000003.parquet')
  writeFileSync(path, content)
  return path
}

test('every attempt, construction and negative has a row, each with what is known of it', () => {
  expect(rows.map(({ kind, index, example }) => [kind, index, example])).toEqual([
    ['rollout', 0, 0],
    ['rollout', 1, 1],
    ['construction', 0, undefined],
    ['construction', 1, 2],
    ['source', 3, 3],
  ])
  expect(rows[1]).toMatchObject({ problem: 'sum/1', group: 0, reward: 0, answer: undefined, ending: 'length', text: '678', gold: '5' })
  expect(rows[2]).toMatchObject({ refusal: 'no-tags', source: 1, reference: 0, replyText: '<analysis>..', text: undefined })
  expect(rows[4]).toMatchObject({ problem: 'sum/1', text: '678', reward: 0, source: 1, exampleId: 'sum/1 source 1' })
  expect(rows[3]).toMatchObject({ prefixLength: 2, diagnosisLength: 1, correctionLength: 2, reward: 1, refusal: undefined })
})

test('numbers of an answer stand behind its prompt, and trained ones are exactly those of the example', () => {
  expect(rows[0]?.sampledLogprobs).toEqual(Float32Array.of(0, 0, -0.2, -0.4))
  expect(rows[0]?.logprobs).toBe(examples[0]?.logprobs)
  expect(rows[3]?.weights).toEqual(Float32Array.of(0, 0, 1, 1, 0.01, 10, 0.5))
  expect(rows[3]?.entropies).toEqual(Float32Array.of(0, 0, 0.1, 0.2, 0.3, 0.4, 0.5))
})

test('the file gives back the rows, and the batch to the last bit', async () => {
  const back = await readRollouts(file())
  expect(back).toEqual(rows)
  expect(examplesOf(back)).toEqual(examples)
  expect(Object.is(examplesOf(back)[3]?.advantages[4], -0)).toBe(true)
})

test("a teacher's prompts are kept with the batch, and a file without any has no place for them", async () => {
  const taught = examples.map((example, i) => (i === 1 ? { ...example, teacherPrompt: Int32Array.of(4, 4, 2) } : example))
  const path = join(mkdtempSync(join(tmpdir(), 'tapo-rollouts-')), 'step.parquet')
  writeFileSync(path, encodeRollouts(rolloutRows(groups, { constructions, examples: taught }), 7))
  expect(examplesOf(await readRollouts(path))).toEqual(taught)
  const columns = async (of: string): Promise<string[]> =>
    (await parquetMetadataAsync(await asyncBufferFromFile(of))).schema.map(({ name }) => name)
  expect(await columns(path)).toContain('teacher_prompt')
  expect(await columns(file())).not.toContain('teacher_prompt')
})

test('another reader sees lists of numbers, not text', async () => {
  const path = file()
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(path))
  expect(metadata.num_rows).toBe(5n)
  expect(metadata.schema.find(({ name }) => name === 'advantages')?.logical_type).toEqual({ type: 'LIST' })
  const [, , refused, accepted] = await parquetReadObjects({ file: await asyncBufferFromFile(path) })
  expect(accepted).toMatchObject({
    tokens: [1, 2, 6, 7, 4, 5, 9],
    prompt_length: 2,
    correction_length: 2,
    example_id: 'sum/1 construction 1',
  })
  expect(refused).toMatchObject({ tokens: [], refusal: 'no-tags', advantages: undefined })
})

test('whether a verdict is undecided is a column of its own, and unknown where there is no verdict', async () => {
  const [group] = groups
  const [right, wrong] = group!.rollouts
  const doubtful = { ...wrong!, verdict: { reward: 0, answer: '67', undecided: true } as const }
  const told = rolloutRows([{ ...group!, rollouts: [right!, doubtful] }], { constructions, examples })
  const path = file(encodeRollouts(told, 3))
  expect((await readRollouts(path)).map(({ reward, undecided }) => [reward, undecided])).toEqual([
    [1, false],
    [0, true],
    [undefined, undefined], // refused
    [1, false],
    [0, true], // the negative tells the attempt's verdict
  ])
  const [, second, third] = await parquetReadObjects({ file: await asyncBufferFromFile(path) })
  expect([second?.['undecided'], third?.['undecided']]).toEqual([true, null])
})

test('a file without that column is read, and does not say', async () => {
  const before = await readRollouts(join(import.meta.dirname, 'fixtures', 'without-undecided.parquet'))
  expect(before).toEqual(rows.map((row) => ({ ...row, undecided: undefined })))
})

test('the same step gives the same bytes', () => {
  expect(encodeRollouts(rolloutRows(groups, { constructions, examples }), 3)).toEqual(bytes)
})

test('a step without any row has a file too', async () => {
  expect(await readRollouts(file(encodeRollouts([], 1)))).toEqual([])
})

test('equal answers keep their own advantages, in the order of the batch', () => {
  const twice = [{ ...groups[0]!, rollouts: [groups[0]!.rollouts[0]!, groups[0]!.rollouts[0]!] }]
  const [first] = examples
  const batch = [first!, { ...first!, id: 'second', advantages: Float32Array.of(0, 0, 7, 7) }]
  const [a, b] = rolloutRows(twice, { constructions: [], examples: batch })
  expect([a?.exampleId, b?.exampleId]).toEqual(['sum/1 rollout 0', 'second'])
  expect(b?.advantages).toEqual(Float32Array.of(0, 0, 7, 7))
})

test('negatives that repeat equal attempts are told as one after the other, and a demonstration with its problem', () => {
  const [right, wrong] = groups[0]!.rollouts
  const group = { ...groups[0]!, rollouts: [wrong!, right!, wrong!] }
  const negative = examples[3]!
  const demonstration: Example = { ...examples[0]!, id: 'sum/1 solution', origin: 'demonstration' }
  const batch = [negative, negative, negative, demonstration, { ...demonstration, id: 'sum/10 solution' }]
  const others = rolloutRows([group], { constructions: [], examples: batch }).slice(3)
  expect(others.map(({ kind, source, group: place, problem }) => [kind, source, place, problem])).toEqual([
    ['source', 0, 0, 'sum/1'],
    ['source', 2, 0, 'sum/1'],
    ['source', 2, 0, 'sum/1'],
    ['demonstration', undefined, 0, 'sum/1'],
    ['demonstration', undefined, undefined, undefined],
  ])
})

test('a damaged or missing file is an error that names it', async () => {
  const path = file(bytes.subarray(0, bytes.length - 10))
  await expect(readRollouts(path)).rejects.toThrow(`${path}: not a readable rollouts file`)
  await expect(readRollouts(`${path}.absent`)).rejects.toThrow(/absent: not a readable rollouts file, ENOENT/)
  const other = file(readFileSync(import.meta.filename))
  await expect(readRollouts(other)).rejects.toThrow(other)
})
