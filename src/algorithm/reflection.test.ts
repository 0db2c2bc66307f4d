import { expect, test } from 'vitest'
import { leaks, parseReflection } from './reflection.ts'
import { type Refusal, refused } from './refusal.ts'

test('a reply has an analysis and a reconstruction', () => {
  expect(parseReflection('<analysis> 2 + 5 is 7. </analysis> <reconstruction> 2 + 5 = 8. Wait </reconstruction>', 'eos')).toEqual({
    kind: 'reflection',
    analysis: '2 + 5 is 7.',
    reconstruction: ' 2 + 5 = 8. Wait ',
  })
})

test('a reply without an analysis, or with one that the prompt has opened, is read all the same', () => {
  expect(parseReflection('<reconstruction>a</reconstruction>', 'eos')).toMatchObject({ analysis: '', reconstruction: 'a' })
  expect(parseReflection('so </analysis><reconstruction>a</reconstruction>', 'eos')).toMatchObject({ analysis: 'so', reconstruction: 'a' })
})

test('an analysis may speak of the tags', () => {
  const reply = '<analysis>Now <reconstruction> follows.</analysis><reconstruction>a</reconstruction>'
  expect(parseReflection(reply, 'eos')).toMatchObject({ reconstruction: 'a' })
})

test.each<[string, 'eos' | 'stop' | 'length', Refusal]>([
  ['', 'eos', 'no-tags'],
  ['<analysis>only this</analysis>', 'eos', 'no-tags'],
  ['</reconstruction>', 'eos', 'no-tags'],
  ['<analysis>a</analysis><reconstruction>b', 'eos', 'unclosed-tag'],
  ['<analysis>a</analysis><reconstruction>b', 'length', 'truncated'],
  ['<analysis>and so on', 'length', 'truncated'],
])('%j ended by %s is refused: %s', (reply, end, reason) => {
  expect(parseReflection(reply, end)).toEqual(refused(reason))
})

test('a reply that met its limit after the closing tag is whole', () => {
  expect(parseReflection('<reconstruction>a</reconstruction> and', 'length').kind).toBe('reflection')
})

test('phrases and tags leak, in any case and over line breaks', () => {
  for (const text of ['Looking at the Reference\n solution, 7.', 'in the attempt I said', 'so 7 <analysis>', 'end </RECONSTRUCTION>']) {
    expect(leaks(text)).toBe(true)
  }
  for (const text of ['Wait, that is wrong: 2 + 5 is 7.', 'the correct answer is 7', 'a < b and c > d']) expect(leaks(text)).toBe(false)
})
