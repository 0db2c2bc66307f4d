import { assert, asyncProperty, array, constantFrom, integer, string } from 'fast-check'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import type { CompressionCodec } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { expect, test } from 'vitest'
import type { Problem } from '../types.ts'
import { keyOf } from './column.ts'
import { usualFields } from './fields.ts'
import { MOST_LINE_BYTES, scanLines } from './lines.ts'
import { openRows, type Rows } from './rows.ts'
import { openSource, parseSource } from './source.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapo-data-'))
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const open = (path: string): Promise<Rows> => openRows(path, { name: 'mine', fields: usualFields })
const all = (rows: Rows): Problem[] => Array.from({ length: rows.size }, (_, i) => rows.at(i))
const row = (problem: string, answer: unknown = '1', more: object = {}): string => JSON.stringify({ problem, answer, ...more })
const faultsOf = async (text: string): Promise<string[]> =>
  (await open(file('bad.jsonl', text))).faults.map(({ line, fact }) => `${line}: ${fact}`)

test('rows are read by position, in any order, and the file is named by its sum', async () => {
  const text = `${row('one?', '1', { id: 'a', solution: 'It is 1.' })}\n\n${row('two?', 2)}\r\n  \n${row('drei\u00df\ud83d\ude00?', 3.5)}`
  const rows = await open(file('good.jsonl', `\ufeff${text}`))
  expect([rows.size, rows.faulty, rows.lineOf(1)]).toEqual([3, 0, 3])
  expect(rows.at(2)).toEqual({ id: 'mine/5', question: 'drei\u00df\ud83d\ude00?', answer: '3.5' })
  expect(rows.at(0)).toEqual({ id: 'mine/a', question: 'one?', answer: '1', solution: 'It is 1.' })
  expect(rows.file.sha256).toBe(createHash('sha256').update(`\ufeff${text}`).digest('hex'))
  rmSync(rows.file.path)
  expect(rows.at(1)).toEqual({ id: 'mine/3', question: 'two?', answer: '2' })
})

test('every bad row is named by its line and the others are kept', async () => {
  expect(await faultsOf(`${row('a')}\n{"problem": "b"\n[1]\n${row('c', ' ')}\n${row('d', ['1'])}\n{"answer": "1"}\n${row('e')}\n`)).toEqual(
    [
      '2: not JSON, "{\\"problem\\": \\"b\\""',
      '3: not an object, "[1]"',
      '4: field answer is empty',
      '5: field answer is not a text, "[\\"1\\"]"',
      '6: field problem or question or prompt is missing, it has answer',
    ],
  )
  expect(await faultsOf(`${row('a', '1', { id: 'x' })}\n${row('b', '1', { id: 'y' })}\n${row('c', '1', { id: 'x' })}\n`)).toEqual([
    '3: has the id of line 1',
  ])
  expect(
    await faultsOf(
      `${row('a').replace('"1"', '12345678901234567890')}\n${row('broken').replace('broken', '\\ud83d')}\n${row('\\ud83d is a code')}`,
    ),
  ).toEqual([
    '1: field answer is a number too large to be exact, 12345678901234567000; write it as a text',
    '2: holds half of a character, a lone surrogate',
  ])
  const latin = Buffer.from(`${row('caf\u00e9')}\n`, 'latin1')
  expect((await open(file('latin.jsonl', latin))).faults).toEqual([{ line: 1, fact: 'not UTF-8' }])
  await expect(open(join(folder, 'nowhere.jsonl'))).rejects.toThrow(/nowhere\.jsonl: cannot be read, ENOENT/)
})

test('rows are counted off without those whose id was there before', async () => {
  await assert(
    asyncProperty(array(integer({ min: 0, max: 4 }), { maxLength: 12 }), async (ids) => {
      const rows = await open(file('repeats.jsonl', ids.map((id, i) => `${row(`question ${i}`, '1', { id })}\n`).join('')))
      const first = [...new Set(ids)].map((id) => ids.indexOf(id))
      expect(all(rows).map(({ question }) => question)).toEqual(first.map((i) => `question ${i}`))
      expect(first.map((_, i) => rows.lineOf(i))).toEqual(first.map((i) => i + 1))
      const keys: (readonly number[])[] = []
      rows.eachKey((...each) => keys.push(each))
      expect(keys).toEqual(first.map((i, index) => [keyOf(`mine/${ids[i]}`), index]))
      expect(rows.faults.map(({ line }) => line)).toEqual(ids.flatMap((_, i) => (first.includes(i) ? [] : [i + 1])))
      rows.close()
    }),
  )
})

test('rows of a file of which memory does not hold the places are read as others are', async () => {
  const size = 70_000
  const rows = await open(
    file('many.jsonl', Array.from({ length: size }, (_, i) => `${row(`${i}`, i, { id: i === 66_000 ? 5 : i })}\n`).join('')),
  )
  expect([rows.size, rows.faults]).toEqual([size - 1, [{ line: 66_001, fact: 'has the id of line 6' }]])
  for (const i of [0, 5, 65_535, 65_536, 65_999]) expect([rows.at(i).question, rows.lineOf(i)]).toEqual([`${i}`, i + 1])
  expect([rows.at(66_000).question, rows.lineOf(size - 2)]).toEqual(['66001', size])
  rows.close()
})

test('a line that is too long is told of and not held', async () => {
  const long = row('x'.repeat(MOST_LINE_BYTES))
  const rows = await open(file('long.jsonl', `${row('a')}\n${long}${long}\n${row('b')}\n${long}`))
  expect(rows.faults).toEqual([2, 4].map((line) => ({ line, fact: `longer than ${MOST_LINE_BYTES} bytes` })))
  expect(all(rows).map(({ question }) => question)).toEqual(['a', 'b'])
})

test('lines come out of a file as split would have them, wherever its pieces end', async () => {
  const line = string({ unit: constantFrom('a', '\u00e4', '\ud83d\ude00', ' ') })
  await assert(
    asyncProperty(array(line), integer({ min: 0, max: 3 }), async (lines, pieces) => {
      const text = [...lines, 'x'.repeat(pieces * 700_000), ...lines].join('\n')
      const whole = Buffer.from(text)
      const seen: string[] = []
      const isInPlace: boolean[] = []
      const { bytes } = await scanLines(file('lines.txt', text), ({ bytes: held = Buffer.of(), offset }) => {
        seen.push(held.toString('utf8'))
        isInPlace.push(whole.subarray(offset, offset + held.length).equals(held))
      })
      const split = text.split('\n')
      const expected = split.at(-1) === '' ? split.slice(0, -1) : split // a last line without an end counts where it holds something
      return (
        bytes === whole.length && isInPlace.every(Boolean) && seen.join('\n') === expected.join('\n') && seen.length === expected.length
      )
    }),
    { numRuns: 12 },
  )
})

/** A Parquet file of two row groups. */
function parquet(name: string, columns: Readonly<Record<string, unknown[]>>): string {
  const columnData = Object.entries(columns).map(([column, data]) => ({ name: column, data: data as string[] }))
  return file(name, new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 2 })))
}

test('a Parquet file says the same as its JSON lines', async () => {
  const path = parquet('good.parquet', {
    question: ['a?', 'b?', 'c?'],
    answer: [1n, 2n, 3n],
    unique_id: ['x', 'y', 'z'],
    other: [true, false, true],
  })
  const rows = await open(path)
  expect(all(rows)).toEqual([
    { id: 'mine/x', question: 'a?', answer: '1' },
    { id: 'mine/y', question: 'b?', answer: '2' },
    { id: 'mine/z', question: 'c?', answer: '3' },
  ])
  expect(rows.file).toEqual({
    path,
    bytes: readFileSync(path).length,
    sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
  })
  expect(rows.place(2)).toBe(`${path}: row 2`)
})

test('a Parquet file that is cut off, or has a column of another type, is refused with what is wrong', async () => {
  const good = readFileSync(parquet('whole.parquet', { problem: ['a?'.repeat(500)], answer: ['1'] }))
  await expect(open(file('cut.parquet', good.subarray(0, good.length - 20)))).rejects.toThrow(
    /cut\.parquet: not a readable Parquet file, .*; if it was cut off/,
  )
  const hollow = Buffer.concat([good.subarray(0, 8), good.subarray(good.length - 300)])
  await expect(open(file('hollow.parquet', hollow))).rejects.toThrow(/hollow\.parquet: not a readable Parquet file/)
  await expect(open(file('words.parquet', 'just words'))).rejects.toThrow(/words\.parquet: not a readable Parquet file/)
  await expect(open(parquet('type.parquet', { problem: [1, 2], answer: ['1', '2'] }))).rejects.toThrow(
    /type\.parquet: column problem is .*(?:INT32|DOUBLE), and problem must be a text$/,
  )
  await expect(open(parquet('date.parquet', { problem: ['a'], answer: [new Date(0)] }))).rejects.toThrow(
    /date\.parquet: column answer is TIMESTAMP.* INT64, and answer must be a text or a number$/,
  )
  await expect(open(parquet('none.parquet', { problem: ['a'], gold: ['1'] }))).rejects.toThrow(
    'no column answer or final_answer, it has problem, gold',
  )
})

test('a Parquet file that is empty, or compressed in a way that is not read, is not said to be cut off', async () => {
  await expect(open(file('zero.parquet', ''))).rejects.toThrow('zero.parquet: is empty, 0 bytes; write it or fetch it again')
  const columnData = [
    { name: 'problem', data: ['a?'] },
    { name: 'answer', data: ['1'] },
    { name: 'other', data: ['x'], codec: 'LZ4_RAW' as const },
  ]
  const write = (name: string, codec: CompressionCodec): string => {
    const same = (bytes: Uint8Array): Uint8Array => bytes
    return file(name, new Uint8Array(parquetWriteBuffer({ columnData, codec, compressors: { [codec]: same, LZ4_RAW: same } })))
  }
  await expect(open(write('lz4.parquet', 'LZ4_RAW'))).rejects.toThrow(
    /lz4\.parquet: its compression LZ4_RAW is not one that is read \(UNCOMPRESSED, SNAPPY, .*\); write it again with snappy or gzip \(pyarrow: compression='snappy'\)$/,
  )
  expect((await open(write('plain.parquet', 'UNCOMPRESSED'))).size).toBe(1) // a column that is not needed may be of any kind
  if ('zstdDecompressSync' in zlib) return
  await expect(open(write('zstd.parquet', 'ZSTD'))).rejects.toThrow(/compression='snappy'\), or use Node 22\.15 or newer, which reads it$/)
})

test('a source is a name, a file, or a folder, and a name before it says what its fields are', async () => {
  expect(parseSource('aime-2024')).toMatchObject({ name: 'aime-2024', location: expect.stringMatching(/^hf:HuggingFaceH4\//) as string })
  expect(parseSource('gsm8k=a/b.jsonl')).toMatchObject({ name: 'gsm8k', location: 'a/b.jsonl', fields: { mark: '####' } })
  expect(parseSource('mine=b.parquet', { answer: 'gold', id: '' })).toMatchObject({
    name: 'mine',
    fields: { answer: ['gold'], id: usualFields.id },
  })
  expect(parseSource('mine=b.parquet', { answer: 'gold' }, true).fields.answer).toEqual(['gold', ...usualFields.answer])
  expect(parseSource('math-500=b.parquet', { answer: 'gold' }).fields.answer).toEqual([...usualFields.answer, 'gold'])
  expect(parseSource('a/b.jsonl').name).toBe('b')
  expect(() => parseSource('mine=')).toThrow('mine=: names no file; write a path, or gsm8k,')
  await expect(openSource(parseSource('nowhere'))).rejects.toThrow('nowhere: no such file or folder')
  const worked = { question: 'How many?', answer: 'One and one is <<1+1=2>>2.\n#### 2' }
  const path = file('worked.jsonl', `${JSON.stringify(worked)}\n${JSON.stringify({ ...worked, answer: 'Two.' })}\n`)
  const [rows] = await openSource(parseSource(`gsm8k=${path}`))
  expect(rows?.at(0)).toEqual({ id: 'gsm8k/1', question: 'How many?', answer: '2', solution: 'One and one is 2.\n#### 2' })
  expect(rows?.faults).toEqual([{ line: 2, fact: 'answer has nothing behind ####, "Two."' }])
})

test('an answer of a field that was named is whole, though the set has its own behind a mark', async () => {
  const rows = [
    { question: 'a?', answer: 'One.\n#### 1' },
    { question: 'b?', gold: '2' },
  ]
  const path = file('partly.jsonl', rows.map((each) => `${JSON.stringify(each)}\n`).join(''))
  const [opened] = await openSource(parseSource(`gsm8k=${path}`, { answer: 'gold' }))
  expect([opened?.faults, opened && all(opened).map(({ answer }) => answer)]).toEqual([[], ['1', '2']])
})
