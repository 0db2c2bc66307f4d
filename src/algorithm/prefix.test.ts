import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { characters, pieces, wordPieces } from './fixtures/pieces.ts'
import { type Attempt, keptPrefix, restAfter, tokensUntil } from './prefix.ts'
import { refused } from './refusal.ts'
import type { Tokenizer } from '../text/tokenizer.ts'

function attempt(text: string, codec: Tokenizer, end: Attempt['end'] = 'eos'): Attempt {
  const tokens = Int32Array.from([...codec.encode(text), ...(end === 'eos' ? [0] : [])])
  return { text, tokens, ends: codec.ends(tokens), end }
}

const wrong = 'gems is 2 plus 5 is 8 . jars is 8'
const words = wordPieces(wrong, ' wait', ' shoes')

test('the prefix runs to where the reconstruction leaves the attempt, in whole tokens', () => {
  const prefix = keptPrefix(attempt(wrong, words), 'gems is 2 plus 5 is 8 . wait', 0.1)
  expect(prefix).toEqual({ kind: 'prefix', length: 8, rest: ' wait' }) // gems is 2 plus 5 is 8 .
})

test('white space does not count in the comparison; the rest keeps its own', () => {
  expect(keptPrefix(attempt(wrong, words), '\n gems  is 2\nplus 5 is 8.\n\nwait', 0.1)).toEqual({
    kind: 'prefix',
    length: 8,
    rest: '\n\nwait',
  })
})

test('a token that is only begun is not kept: it belongs to the rest', () => {
  expect(keptPrefix(attempt('it is 18 now', wordPieces('it is 18 now')), 'it is 19', 0.1)).toEqual({
    kind: 'prefix',
    length: 2,
    rest: ' 19',
  })
})

test('tokens of white space alone go to the rest, and one that ends in white space swallows that of the rest', () => {
  const lines = pieces('a', '.', '.\n', '\n', 'b', 'c')
  expect(keptPrefix({ ...attempt('a', lines), ...sampled(lines, 1, 2, 4, 5) }, 'a.\nc', 0.1)).toEqual({
    kind: 'prefix',
    length: 2,
    rest: '\nc',
  })
  expect(keptPrefix({ ...attempt('a', lines), ...sampled(lines, 1, 3, 5) }, 'a. c', 0.1)).toEqual({ kind: 'prefix', length: 2, rest: 'c' })
})

function sampled(codec: Tokenizer, ...ids: number[]): Attempt {
  const tokens = Int32Array.of(...ids)
  return { text: codec.decode(tokens), tokens, ends: codec.ends(tokens), end: 'length' }
}

test('a character of several tokens is kept whole or not at all, also where another shares its first half', () => {
  const smile = '\u{1f600}'
  const ends = Int32Array.of(1, 2, 3, 4) // a, a space, half a character shown as one replacement mark, the whole character
  const cut: Attempt = { text: `a ${smile}`, tokens: Int32Array.of(1, 2, 3, 4), ends, end: 'length' }
  expect(keptPrefix(cut, `a ${smile} b`, 0.1)).toEqual({ kind: 'prefix', length: 4, rest: ' b' })
  expect(keptPrefix(cut, 'a \u{1f601} b', 0.1)).toEqual({ kind: 'prefix', length: 1, rest: ' \u{1f601} b' })
})

test('an attempt kept whole leaves its end token out', () => {
  const whole = attempt(wrong, words)
  expect(keptPrefix(whole, `${wrong} wait`, 0.1)).toEqual({ kind: 'prefix', length: whole.tokens.length - 1, rest: ' wait' })
})

test('what does not begin with the attempt is refused', () => {
  expect(keptPrefix(attempt(wrong, words), 'jars is 8', 0.1)).toEqual(refused('not-verbatim'))
  expect(keptPrefix(attempt(wrong, words), 'ge', 0.1)).toEqual(refused('not-verbatim'))
  expect(keptPrefix(attempt('', words), 'jars', 0.1)).toEqual(refused('not-verbatim'))
  expect(keptPrefix(attempt(wrong, words), '', 0.1)).toEqual(refused('not-verbatim'))
})

test('what never leaves the attempt is refused', () => {
  expect(keptPrefix(attempt(wrong, words), wrong, 0.1)).toEqual(refused('no-divergence'))
  expect(keptPrefix(attempt(wrong, words), 'gems is 2 plus 5 is', 0.1)).toEqual(refused('no-divergence'))
})

test('a prefix below its share is refused, one at its share is not: 1 token of 10', () => {
  const ten = attempt('a b c d e f g h i', wordPieces('a b c d e f g h i', ' z')) // and the end token
  expect(keptPrefix(ten, 'a z', 0.1).kind).toBe('prefix')
  expect(keptPrefix(ten, 'a z', 0.11)).toEqual(refused('short-prefix'))
})

test('a text position becomes a token index', () => {
  const it = attempt(wrong, words)
  expect(tokensUntil(it, 'gems is 2'.length)).toBe(3)
  expect(tokensUntil(it, 'gems is 2 pl'.length)).toBe(3)
  expect(tokensUntil(it, 0)).toBe(0)
  expect(restAfter(it, 3, 'gems is 2 minus 1')).toBe(' minus 1')
})

test('for any attempt and continuation, what is kept and what follows spell the reconstruction', () => {
  const text = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', 'b', ' ', '\n') })
  const squeeze = (s: string): string => s.replaceAll(/\s/g, '')
  fc.assert(
    fc.property(text, fc.nat(12), text, (whole, cut, more) => {
      const it = attempt(whole, characters)
      const reconstruction = whole.slice(0, cut) + more
      const prefix = keptPrefix(it, reconstruction, 0)
      fc.pre(prefix.kind === 'prefix')
      const kept = it.text.slice(0, it.ends[prefix.length - 1])
      expect(squeeze(kept + prefix.rest)).toBe(squeeze(reconstruction))
      expect(squeeze(prefix.rest)).not.toBe('')
    }),
  )
})
