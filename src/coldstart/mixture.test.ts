import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert, property, record, nat } from 'fast-check'
import { expect, test } from 'vitest'
import { seedOf } from '../random.ts'
import { countsIn, countsOf, flawOf, kinds, mixed, type MixtureRow, paperShares } from './mixture.ts'
import { readMixture, writeMixture } from './mixture-file.ts'

const solution: MixtureRow = {
  id: 'p/0 solution 0',
  kind: 'solution',
  format: 'sft',
  problem: 'p/0',
  prompt: '2 plus 5?',
  completion: 'f\u00fcnf and 2 are 7.',
  prefix: '',
  source: '',
  attempt: 0,
  writer: 'model',
  checks: ['right'],
}
const corrected: MixtureRow = {
  ...solution,
  id: 'p/0 correction 1',
  kind: 'correction',
  completion: 'It is 8. Wait, no. It is 7.',
  prefix: 'It is 8.',
  source: 'It is 8. So 8.',
  attempt: 1,
  writer: 'task',
  checks: ['prefix', 'right'],
}
const reflected: MixtureRow = {
  ...corrected,
  id: 'p/0 reflection 1',
  kind: 'reflection',
  format: 'ift',
  completion: `<analysis> 8? </analysis> <reconstruction> ${corrected.completion} </reconstruction>`,
}
const three = [solution, corrected, reflected]
const many = (counts: Record<string, number>): MixtureRow[] =>
  kinds.flatMap((kind) => Array.from({ length: counts[kind] ?? 0 }, (_, i) => ({ ...solution, kind, id: `${kind} ${i}` })))

test('shares give the largest mixture in their proportion, for any rows', () => {
  expect(countsOf(many({ solution: 9, correction: 5, reflection: 4 }), { by: 'shares', shares: paperShares })).toEqual({
    solution: 4,
    correction: 4,
    reflection: 4,
  })
  const shares = { solution: 2, correction: 1, reflection: 0 }
  expect(countsOf(many({ solution: 9, correction: 5, reflection: 0 }), { by: 'shares', shares })).toEqual({
    solution: 9,
    correction: 4,
    reflection: 0,
  })
  const there = record({ solution: nat(20), correction: nat(20), reflection: nat(20) })
  assert(
    property(there, record({ solution: nat(3), correction: nat(3), reflection: nat(3) }), (rows, parts) => {
      if (kinds.every((kind) => parts[kind] === 0)) return
      if (kinds.some((kind) => parts[kind] > 0 && rows[kind] === 0)) {
        expect(() => countsOf(many(rows), { by: 'shares', shares: parts })).toThrow('leave that kind out')
        return
      }
      const counts = countsOf(many(rows), { by: 'shares', shares: parts })
      const units = Math.min(...kinds.filter((kind) => parts[kind] > 0).map((kind) => rows[kind] / parts[kind]))
      for (const kind of kinds) {
        expect(counts[kind]).toBeLessThanOrEqual(rows[kind])
        expect(Math.abs(counts[kind] - units * parts[kind])).toBeLessThan(1)
      }
    }),
  )
})

test('counts are taken as they are, and too few rows are told', () => {
  const counts = { solution: 2, correction: 1, reflection: 1 }
  const rows = many({ solution: 4, correction: 1, reflection: 1 })
  const chosen = mixed(rows, countsOf(rows, { by: 'counts', counts }), seedOf(1))
  expect(countsIn(chosen)).toEqual(counts)
  expect(rows.filter((row) => chosen.includes(row))).toEqual(chosen)
  expect(() => countsOf(many({ solution: 2 }), { by: 'counts', counts })).toThrow(
    'the mixture: 1 rows of kind correction are wanted and 0 are there; collect more answers, or ask for fewer (--counts)',
  )
})

test('both kinds of file hold the same rows', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tapo-mixture-'))
  for (const name of ['rows.jsonl', 'rows.parquet']) {
    const path = join(folder, name)
    await writeMixture(path, three)
    const { rows, hash } = await readMixture(path)
    expect(rows).toEqual(three)
    const bytes = readFileSync(path)
    await writeMixture(path, rows)
    expect(readFileSync(path).equals(bytes)).toBe(true)
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
  }
})

test('a row whose prefix is not in its source is refused with file and line, and so is whatever else cannot be learnt from', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tapo-mixture-'))
  const path = join(folder, 'rows.jsonl')
  const read = async (row: unknown): Promise<unknown> => {
    writeFileSync(path, `${JSON.stringify(solution)}\n\n${JSON.stringify(row)}`)
    return readMixture(path).catch((cause: unknown) => (cause as Error).message)
  }
  expect(await read(corrected)).toMatchObject({ rows: [solution, corrected] })
  expect(await read({ ...corrected, source: 'It is 9.' })).toBe(
    `${path}:3: prefix: is not in its source, "It is 8." does not begin "It is 9."; build the row anew, or take it out`,
  )
  expect(await read({ ...corrected, prefix: 3 })).toBe(`${path}:3: prefix: Invalid input: expected string, received number`)
  expect(await read(solution)).toBe(`${path}:3: id: p/0 solution 0 is the id of ${path}:1 too`)
  const parquet = join(folder, 'rows.parquet')
  await writeMixture(parquet, [solution, { ...reflected, source: 'no' }])
  await expect(readMixture(parquet)).rejects.toThrow(`${parquet}: row 1: prefix: is not in its source`)
  writeFileSync(parquet, 'no')
  await expect(readMixture(parquet)).rejects.toThrow(`${parquet}: not a readable Parquet file`)
  await expect(readMixture(join(folder, 'none.jsonl'))).rejects.toThrow('no such file; make it with tapo coldstart build')
  writeFileSync(path, '\n')
  await expect(readMixture(path)).rejects.toThrow(`${path}: holds no rows`)
})

test('every flaw has its name', () => {
  expect(three.map(flawOf)).toEqual([undefined, undefined, undefined])
  expect(flawOf({ ...solution, completion: ' ' })).toBe('completion: is empty')
  expect(flawOf({ ...solution, prefix: 'x' })).toBe('prefix: a solution has none')
  expect(flawOf({ ...corrected, prefix: '' })).toContain('prefix: is empty')
  expect(flawOf({ ...corrected, completion: 'It is 7.' })).toContain('completion: does not begin with its prefix')
  expect(flawOf({ ...corrected, completion: 'It is 8.' })).toBe('completion: ends where its prefix ends')
  expect(flawOf({ ...reflected, completion: 'It is 8. No, 7.' })).toBe('completion: has no <reconstruction> that is closed')
})
