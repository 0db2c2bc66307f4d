import { array, assert, constantFrom, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { type Line, lineSplitter, type Splitter } from './line-splitter.ts'

interface Told extends Omit<Line, 'bytes'> {
  readonly text: string | undefined
}

const told = ({ bytes, ...line }: Line): Told => ({ ...line, text: bytes?.toString('latin1') })

/** Pieces of these sizes again and again, until all is given. */
function split(bytes: Buffer, sizes: readonly number[], lines: Splitter = lineSplitter()): Told[] {
  const seen: Told[] = []
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = bytes.copy(lines.room(), 0, at, at + sizes[i % sizes.length]!)
    for (const line of lines.take(size)) seen.push(told(line))
    at += size
  }
  const rest = lines.rest()
  return rest === undefined ? seen : [...seen, told(rest)]
}

test('a line is known by its number and where it stands; the last one may be torn', () => {
  expect(split(Buffer.from('ab\n\ncd\r\ne'), [3])).toEqual([
    { number: 1, offset: 0, end: 3, isWhole: true, text: 'ab' },
    { number: 2, offset: 3, end: 4, isWhole: true, text: '' },
    { number: 3, offset: 4, end: 8, isWhole: true, text: 'cd' },
    { number: 4, offset: 8, end: 9, isWhole: false, text: 'e' },
  ])
  expect(split(Buffer.from('\ufeffa\n\ufeffb\n'), [2])).toEqual([
    { number: 1, offset: 3, end: 5, isWhole: true, text: 'a' },
    { number: 2, offset: 5, end: 10, isWhole: true, text: '\xef\xbb\xbfb' },
  ])
  expect([split(Buffer.of(), [1]), split(Buffer.from('\n'), [1]).length, split(Buffer.from('a'), [1])[0]?.isWhole]).toEqual([[], 1, false])
})

test('a line that is too long is told of, with its place, and those after it are there', () => {
  for (const sizes of [[1], [4], [9], [100]])
    expect(split(Buffer.from('abcdefghi\nabc\nabcdefg'), sizes, lineSplitter(5))).toEqual([
      { number: 1, offset: 0, end: 10, isWhole: true, text: undefined },
      { number: 2, offset: 10, end: 14, isWhole: true, text: 'abc' },
      { number: 3, offset: 14, end: 21, isWhole: false, text: undefined },
    ])
})

test('lines do not depend on the pieces, lie one behind the other, and lose no byte', () => {
  const bytes = array(constantFrom(97, 10, 13, 0, 0xff, 0xef), { maxLength: 60 }).map((all) => Buffer.from(all))
  const sizes = array(integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 })
  assert(
    property(bytes, sizes, (all, some) => {
      const lines = split(all, some)
      expect(lines).toEqual(split(all, [all.length + 1]))
      expect(lines.map(({ end, isWhole }, i) => all.toString('latin1', lines[i - 1]?.end ?? 0, isWhole ? end - 1 : end))).toEqual(
        all.toString('latin1').split('\n').slice(0, lines.length),
      )
      expect(lines.at(-1)?.end ?? 0).toBe(all.length)
      for (const { text = '', offset } of lines) expect(all.toString('latin1', offset, offset + text.length)).toBe(text)
    }),
  )
})

test('pieces may be as large as there is room, and lines larger', () => {
  const long = 'x'.repeat(5_000_000)
  const lines = split(Buffer.from(`a\n${long}\nb\n`), [2 ** 24])
  expect(lines.map(({ text }) => text?.length)).toEqual([1, 5_000_000, 1])
})
