import { array, assert, integer, property } from 'fast-check'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Column, repeats } from './column.ts'

const columnOf = (values: Iterable<number>): Column => {
  const column = new Column()
  onTestFinished(() => column.close())
  for (const value of values) column.push(value)
  return column
}

const inFolder = (folder: string): void => {
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = folder
  onTestFinished(() => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  })
}

test('a column gives back what was pushed, in any order, from memory and from its file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tapo-columns-'))
  inFolder(folder)
  const size = 200_000
  const column = columnOf(Array.from({ length: size }, (_, i) => 3 * i + 0.5))
  expect(column.length).toBe(size)
  for (const i of [0, 1, 65_535, 65_536, 131_071, 131_072, 196_607, 196_608, size - 1]) expect(column.at(i)).toBe(3 * i + 0.5)
  expect([column.at(size), column.at(-1), new Column().at(0)]).toEqual([NaN, NaN, NaN])
  const seen: (readonly number[])[] = []
  column.each((...each) => seen.push(each))
  expect(seen.length).toBe(size)
  expect(seen.every(([value, i], index) => i === index && value === 3 * index + 0.5)).toBe(true)
  expect(column.values()).toEqual(Float64Array.from(seen, ([value]) => value as number))
  expect(readdirSync(folder)).toEqual([]) // its file has no name
})

test('a temporary folder that cannot hold a column is named', () => {
  inFolder('/dev/null/nowhere')
  expect(() => columnOf(Array.from({ length: 65_537 }, (_, i) => i))).toThrow(
    /^\/dev\/null\/nowhere: cannot hold where rows stand, .*; TMPDIR names another folder$/,
  )
})

test('repeats are all places of what is there more than once', () => {
  assert(
    property(array(integer({ min: 0, max: 5 })), (values) => {
      const expected = [...new Set(values)]
        .map((value) => values.flatMap((each, i) => (each === value ? [i] : [])))
        .filter((places) => places.length > 1)
      expect(repeats(columnOf(values))).toEqual(expected)
    }),
  )
})

test('repeats that are far apart are found, whichever part of the keys they are in', () => {
  const key = (i: number): number => Math.floor((i % 150_000) * 2 ** 34.8) // of 200,000, the first 50,000 are there again; all over [0, 2^52)
  expect(key(149_999)).toBeLessThan(2 ** 52)
  const found = repeats(columnOf(Array.from({ length: 200_000 }, (_, i) => key(i))))
  expect(found.length).toBe(50_000)
  expect(found.every(([first, second], i) => first === i && second === i + 150_000)).toBe(true)
})
