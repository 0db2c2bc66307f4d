import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadTokenizer } from '../../text/load-tokenizer.ts'
import { stopFinder } from './stop-strings.ts'

const tokenizer = await loadTokenizer(join(import.meta.dirname, '../../text/fixtures/bytes'))

/** The number of tokens after which the answer is seen to hold one of the strings; 0 for never. */
function foundAfter(stop: readonly string[], tokens: readonly number[]): number {
  const stopped = stopFinder(tokenizer, stop)
  return tokens.findIndex((_, t) => stopped(tokens.slice(0, t + 1))) + 1
}

test('a string is found with the token that completes it, however far into the answer', () => {
  const tokens = [...tokenizer.encode(`${'far '.repeat(50)}END and more`)]
  const before = tokenizer.encode(`${'far '.repeat(50)}END`).length
  expect(foundAfter(['nowhere in it', 'END'], tokens)).toBe(before)
  expect(foundAfter(['nowhere in it'], tokens)).toBe(0)
})

test('a string of characters in several tokens each is found with the last of them', () => {
  const tokens = [...tokenizer.encode('a\u{1D11E}\u{1D11E}b')]
  expect(tokens).toHaveLength(10)
  expect(foundAfter(['\u{1D11E}\u{1D11E}'], tokens)).toBe(9)
})

test('tokens without a text, between the parts of a string, do not hide it', () => {
  const [start, unknown] = [421, 9999] // a control token, and an id of padding that a model may draw
  const apart = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? start : unknown))
  const [a = 0, b = 0] = [...tokenizer.encode('x'), ...tokenizer.encode('z')]
  expect(foundAfter(['xz'], [a, ...apart, b])).toBe(42)
})
