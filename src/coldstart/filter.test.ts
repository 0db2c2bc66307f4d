import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLedger } from '../store/ledger.ts'
import { type AccuracyRow, accuracyRows, onlyKept, paperBounds, writeKept } from './filter.ts'
import type { Completion } from '../types.ts'
import { sums } from './fixtures/answered.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapo-filter-'))
const ledger = join(folder, 'ledger', 'accuracies.jsonl')
const file = openLedger<AccuracyRow>(ledger, { kind: 'accuracies', config: {}, data: 'd', model: 'm' })
file.append([0, 1, 4, 7, 8].map((right, index) => ({ index, problem: `sums/${index}`, right, samples: 8 })))
file.append([{ index: 5, problem: 'sums/5', right: 0, samples: 0 }]) // nothing of it could be judged
file.close()
const kept = join(folder, 'kept.jsonl')

test('problems within the bounds are kept, the bounds included, each with its accuracy', async () => {
  expect(await writeKept(ledger, kept, paperBounds)).toEqual({ kept: 3, tooHard: 1, tooEasy: 1, undecided: 1 })
  expect(readFileSync(kept, 'utf8').split('\n')[0]).toBe('{"index":1,"problem":"sums/1","right":1,"samples":8,"accuracy":0.125}')
  const set = onlyKept(sums(5), kept)
  expect(Array.from({ length: set.size }, (_, i) => set.at(i).id)).toEqual(['sums/1', 'sums/2', 'sums/3'])
  expect(await writeKept(ledger, kept, { least: 0.5, most: 0.5 })).toEqual({ kept: 1, tooHard: 2, tooEasy: 2, undecided: 1 })
})

test('answers that could not be judged do not count', () => {
  const verdicts = [{ reward: 1 }, { reward: 0 }, { reward: 0, undecided: true }] as const
  const rollouts = verdicts.map((verdict) => ({ text: '', completion: {} as Completion, verdict: { ...verdict, answer: '7' } }))
  expect(accuracyRows([{ problem: sums(1).at(0), prompt: Int32Array.of(), rollouts }], 4)).toEqual([
    { index: 4, problem: 'sums/0', right: 1, samples: 2 },
  ])
})

test('a file of other problems, without any, or that is none is refused with its line', () => {
  const path = join(folder, 'other.jsonl')
  const read = (text: string) => {
    writeFileSync(path, text)
    return () => onlyKept(sums(5), path)
  }
  expect(read('{"index":4,"problem":"sums/4","right":1,"samples":8}\n{"index":3,"problem":"gsm8k/3","right":1,"samples":8}\n')).toThrow(
    `${path}:2: problem gsm8k/3 is not training problem 3 of this task`,
  )
  expect(read('{"index":9,"problem":"sums/9","right":1,"samples":8}\n')).toThrow(`${path}:1: problem sums/9 is not`)
  expect(read('sums/4\n')).toThrow(`${path}:1: not JSON, "sums/4"`)
  expect(read('\n')).toThrow(`${path}: names no problem; filter with wider bounds`)
  expect(() => onlyKept(sums(5), join(folder, 'none'))).toThrow('no such file; make it with tapo filter')
})
