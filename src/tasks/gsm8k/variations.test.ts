import { constantFrom, assert as forAll, integer, property } from 'fast-check'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fold, seedOf } from '../../random.ts'
import { calculationsIn } from '../calculations.ts'
import { gsm8kTask } from './gsm8k.ts'
import { type Gsm8kFields, readRows, rowOf } from './rows.ts'
import { variation } from './variations.ts'

const data = join(import.meta.dirname, 'fixtures')
const rows = await readRows(join(data, 'train.jsonl'))
const seed = seedOf(1)

/** The first version there is among some draws. */
function varied(problem: Gsm8kFields): Gsm8kFields | undefined {
  return [1, 2, 3].map((version) => variation(problem, fold(seed, version))).find((made) => made !== undefined)
}

const pens: Gsm8kFields = {
  question: 'Ann has 9 pens and buys 4 boxes of 6 pens each. How many pens does Ann have?',
  worked: 'She buys 4*6=<<4*6=24>>24 pens.\nSo Ann has 9+24=<<9+24=33>>33 pens.\n#### 33',
}

test('the numbers that are given change, and every result follows from them', () => {
  const made = varied(pens) as Gsm8kFields
  const [own, boxes, each] = [...made.question.matchAll(/\d+/g)].map(([digits]) => Number(digits)) as [number, number, number]
  expect([own, boxes, each]).not.toEqual([9, 4, 6])
  expect([boxes < each, each < own]).toEqual([true, true]) // as 4 < 6 < 9
  const bought = boxes * each
  expect(made.worked).toBe(
    `She buys ${boxes}*${each}=<<${boxes}*${each}=${bought}>>${bought} pens.\nSo Ann has ${own}+${bought}=<<${own}+${bought}=${own + bought}>>${own + bought} pens.\n#### ${own + bought}`,
  )
})

test('a number is left alone where a word may stand for it, or where it is part of something else', () => {
  const half = { question: 'Ann has 8 pens and loses half of them in 2 days. How many are left?', worked: '8/2=<<8/2=4>>4\n#### 4' }
  expect(varied(half)?.question).toMatch(/^Ann has \d+ pens and loses half of them in 2 days/)
  const percent = { question: 'Of 50 pens 20% are red. How many?', worked: '50*20/100=<<50*20/100=10>>10\n#### 10' }
  expect(varied(percent)?.question).toContain(' pens 20% are red')
  const twice = { question: 'Ann has 7 pens, Ben has 7 pens. How many have they?', worked: '7+7=<<7+7=14>>14\n#### 14' }
  expect(varied(twice)).toBeUndefined()
})

test('there is no version where a number of the solution may mean two things', () => {
  const cases = [
    { ...pens, worked: 'She buys 4*6=<<4*6=24>>24.\n9+24=<<9+24=33>>33, not 31.\n#### 33' }, // 31 is nowhere
    { ...pens, worked: '9+6=<<9+6=15>>15\n4+11=<<4+11=15>>15\n#### 15' }, // two results are one number
    { ...pens, worked: '4*6=<<4*6=25>>25\n#### 25' }, // false
    { ...pens, worked: '9-4=<<9-4=5>>5\n6-5=<<6-5=1>>1\n#### 6' }, // the answer is given
    { ...pens, worked: 'She has 33.\n#### 33' }, // nothing is worked out
  ]
  for (const problem of cases) expect(varied(problem)).toBeUndefined()
})

test('whatever is made, its calculations are true, its answer is the last result, and it is the same each time', () => {
  forAll(
    property(constantFrom(...rows), integer({ min: 0, max: 1000 }), (row, version) => {
      const made = variation(row, fold(seed, version))
      expect(variation(row, fold(seed, version))).toEqual(made)
      if (made === undefined) return
      const read = rowOf(made, row.line)
      for (const calculation of calculationsIn(read.solution)) expect(calculation.isTrue).toBe(true)
      expect(read.steps.flatMap(({ results }) => results)).toContain(read.answer)
      expect(made.question.replaceAll(/\d+/g, '#')).toBe(row.question.replaceAll(/\d+(?:,\d{3})*/g, '#'))
    }),
  )
})

test('versions join the training problems alone, with their own names, within the limits', async () => {
  const limits = { data, developmentShare: 0.3, maxNumber: 99 }
  const [plain, more] = [await gsm8kTask(limits), await gsm8kTask({ ...limits, variations: 3 })]
  const ids = (task: typeof plain, split: 'train' | 'development' | 'test'): string[] => {
    const set = task.problems(split)
    return Array.from({ length: set.size }, (_, i) => set.at(i).id)
  }
  for (const split of ['development', 'test'] as const) expect(ids(more, split)).toEqual(ids(plain, split))
  expect(ids(more, 'train').filter((id) => id.split('/').length === 3)).toEqual(ids(plain, 'train'))
  const versions = ids(more, 'train').filter((id) => id.split('/').length === 4)
  expect(versions.length).toBeGreaterThan(0)
  const set = more.problems('train')
  for (let i = 0; i < set.size; i++) {
    expect(more.verify(set.at(i), set.at(i).solution ?? '').reward).toBe(1)
    expect(more.correct?.(set.at(i), '#### 12345')).toBeDefined()
  }
  expect(more.sources).toEqual(plain.sources)
})
