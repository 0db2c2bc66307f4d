import { expect, test } from 'vitest'
import { diagnosisEnd } from './diagnosis.ts'
import { wordPieces } from './fixtures/pieces.ts'
import type { Attempt } from './prefix.ts'
import type { Reflection } from './reflection.ts'
import { refused } from './refusal.ts'
import { type Codec, spliceCorrection, spliceReflection } from './trajectory.ts'

const wrong = 'gems is 2 plus 5 is 8 . jars is 8'
const rest = ' wait gems is wrong , 2 plus 5 is 7 . gems is 7 . answer 7'
const codec = wordPieces(wrong, rest, ' the attempt')
const limits = { minPrefixShare: 0.1, maxTokens: 40 }

function attempt(text: string, by: Codec = codec): Attempt {
  const tokens = Int32Array.from([...by.encode(text), 0])
  return { text, tokens, ends: by.ends(tokens), end: 'eos' }
}

function reflection(reconstruction: string): Reflection {
  return { kind: 'reflection', analysis: '', reconstruction }
}

test('kept prefix, diagnosis, correction and end token: 8 + 11 + 6 + 1 tokens', () => {
  const kept = 'gems is 2 plus 5 is 8 .'
  const spliced = spliceReflection(attempt(wrong), reflection(` ${kept}${rest} `), limits, codec)
  expect(spliced).toEqual({
    kind: 'spliced',
    tokens: Int32Array.from([...codec.encode(kept + rest), 0]),
    prefixLength: 8,
    diagnosisLength: 11, // wait gems is wrong , 2 plus 5 is 7 .
    text: kept + rest,
  })
})

test('the prefix is the very ids that were sampled, though the tokenizer would cut the text otherwise', () => {
  const both = wordPieces('ab ab', 'a', 'b', ' no')
  const tokens = Int32Array.of(...both.encode('a'), ...both.encode('b'), ...both.encode(' ab'))
  const sampled: Attempt = { text: 'ab ab', tokens, ends: both.ends(tokens), end: 'length' }
  const spliced = spliceReflection(sampled, reflection('ab no'), limits, both)
  expect(both.encode('ab')).toHaveLength(1)
  expect(spliced).toMatchObject({ prefixLength: 2, tokens: Int32Array.from([...tokens.subarray(0, 2), ...both.encode(' no'), 0]) })
})

test('a reconstruction that leaks, or is longer than the response limit, is refused', () => {
  expect(spliceReflection(attempt(wrong), reflection('gems is wrong the attempt'), limits, codec)).toEqual(refused('leak'))
  const long = reflection(`gems is 2 plus 5 is 8 .${rest}`) // 8 + 17 + 1 tokens
  expect(spliceReflection(attempt(wrong), long, { ...limits, maxTokens: 26 }, codec).kind).toBe('spliced')
  expect(spliceReflection(attempt(wrong), long, { ...limits, maxTokens: 25 }, codec)).toEqual(refused('too-long'))
})

test('a leak phrase of the attempt itself is no leak', () => {
  const speaking = wordPieces('the attempt is 8 . wait 7')
  expect(spliceReflection(attempt('the attempt is 8', speaking), reflection('the attempt is 8 . wait 7'), limits, speaking).kind).toBe(
    'spliced',
  )
})

test('a task that knows the error gives its own parts', () => {
  const keep = 'gems is 2 plus 5 is 8 .'.length
  const parts = { keep, diagnosis: 'wait gems is wrong , 2 plus 5 is 7 .', correction: 'gems is 7 . answer 7', analysis: '' }
  expect(spliceCorrection(attempt(wrong), parts, codec)).toMatchObject({
    prefixLength: 8,
    diagnosisLength: 11,
    text: wrong.slice(0, keep) + rest,
  })
})

test('a correction that keeps nothing, and one that cuts a token in two, are spelled in full', () => {
  const parts = { keep: 0, diagnosis: '', correction: 'gems is 7', analysis: '' }
  expect(spliceCorrection(attempt(wrong), parts, codec)).toMatchObject({ prefixLength: 0, diagnosisLength: 0, text: 'gems is 7' })
  const cut = wordPieces('it is 18', ' 1', ' no')
  expect(spliceCorrection(attempt('it is 18', cut), { keep: 7, diagnosis: 'no', correction: '', analysis: '' }, cut)).toMatchObject({
    prefixLength: 2,
    text: 'it is 1 no',
  })
})

test('the diagnosis is the first sentence, and up to two more that still speak of the error', () => {
  const end = (text: string): string => text.slice(0, diagnosisEnd(text))
  expect(end(' Wait, 2 + 5 is 7. So gems is 7. Then')).toBe(' Wait, 2 + 5 is 7.')
  expect(end(' Wait. That is wrong, it is 3.5 and not 4! So 3.5.')).toBe(' Wait. That is wrong, it is 3.5 and not 4!')
  expect(end('Wait. No, wrong. It should be 7. That is not 8. So')).toBe('Wait. No, wrong. It should be 7.')
  expect(end('\nwait, 7\nso 7')).toBe('\nwait, 7')
  expect(end('7 it is')).toBe('7 it is')
  expect(end('')).toBe('')
})
