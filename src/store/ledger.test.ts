import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type Asked, askedOf, ledgerRows, openLedger } from './ledger.ts'
import { linesOf, wholeLines } from './lines.ts'

interface Row {
  readonly n: number
  readonly text: string
}
const schema: z.ZodType<Row> = z.strictObject({ n: z.int(), text: z.string() })
const asked: Asked = { kind: 'rows', config: { seed: 1 }, data: 'd', model: 'm' }
const row = (n: number): Row => ({ n, text: 'f\u00fcnf'.repeat(n) })
const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'tapo-ledger-')), 'below', 'rows.jsonl')

function write(path: string, rows: readonly Row[], what: Asked = asked): number {
  const ledger = openLedger<Row>(path, what)
  ledger.append(rows)
  ledger.close()
  return ledger.count
}

test('cut off anywhere, a ledger goes on behind its last whole row and ends up with the same bytes', () => {
  const path = newPath()
  write(path, [1, 2, 3].map(row))
  const whole = readFileSync(path)
  const cuts = [...whole.keys(), whole.length].filter((cut) => cut % 17 === 0 || whole[cut] === 10 || whole[cut - 1] === 10)
  for (const cut of cuts) {
    writeFileSync(path, whole.subarray(0, cut))
    const ledger = openLedger<Row>(path, asked)
    ledger.append([1, 2, 3].slice(ledger.count).map(row))
    ledger.close()
    expect(readFileSync(path).equals(whole)).toBe(true)
  }
  expect([...ledgerRows(path, schema)].map(({ row: each }) => each)).toEqual([1, 2, 3].map(row))
  expect(askedOf(path)).toEqual(asked)
})

test('a ledger that was begun for something else is not gone on with, and says for what', () => {
  const path = newPath()
  write(path, [row(1)])
  expect(() => openLedger(path, { ...asked, config: { seed: 2 }, model: 'n' })).toThrow(
    `${path}: begun with another config seed (1, now 2), model; go on with the same, or choose another folder`,
  )
  expect(write(path, [row(2)])).toBe(1) // and gives its folder back
})

test('two writers do not meet in one folder', () => {
  const path = newPath()
  const ledger = openLedger<Row>(path, asked)
  expect(() => openLedger<Row>(path, asked)).toThrow('in use')
  ledger.close()
})

test('a line that is no row is told with its number', () => {
  const path = newPath()
  write(path, [row(1)])
  appendFileSync(path, '{"n":"two","text":""}\n')
  expect(() => [...ledgerRows(path, schema)]).toThrow(`${path}:3: n: Invalid input: expected number, received string`)
  writeFileSync(path, 'nothing\n')
  expect(() => openLedger<Row>(path, asked)).toThrow(`${path}:1: not JSON, "nothing"`)
  expect(() => askedOf(`${path}.absent`)).toThrow('no such file')
})

test('lines longer than a chunk are whole', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'tapo-lines-')), 'long')
  const long = 'x'.repeat(3_000_000)
  writeFileSync(path, `${long}\n\nb\ntorn`)
  expect([...wholeLines(path)]).toEqual([
    { text: long, number: 1, end: 3_000_001, isWhole: true },
    { text: '', number: 2, end: 3_000_002, isWhole: true },
    { text: 'b', number: 3, end: 3_000_004, isWhole: true },
  ])
  expect([...linesOf(path)].at(-1)).toEqual({ text: 'torn', number: 4, end: 3_000_008, isWhole: false })
})
