import { expect, test } from 'vitest'
import { filled, guidedPrompt, rewritingPrompt, synthesisPrompt, synthesisReply } from './prompt.ts'
import { parseReflection } from './reflection.ts'

test('names are filled in once: an attempt that holds braces is left as it is', () => {
  expect(filled('{a} and {b}, {c}', { a: '{b}', b: '2 $& 3' })).toBe('{b} and 2 $& 3, {c}')
})

test('the prompt holds every part and leaves no name open', () => {
  const text = synthesisPrompt({ problem: 'How many?', attempt: 'It is 8.', reference: 'It is 7.', answerFormat: 'End with the number.' })
  for (const part of ['How many?', 'It is 8.', 'It is 7.', 'End with the number.', '<analysis>', '</reconstruction>'])
    expect(text).toContain(part)
  expect(text).not.toMatch(/[{}]/)
})

test('so do the prompts for a whole solution and for a teacher', () => {
  const whole = rewritingPrompt({ problem: 'How many?', attempt: 'It is 8.', reference: 'It is 7.' })
  for (const part of ['How many?', 'It is 8.', 'It is 7.', '<analysis>', '</reconstruction>']) expect(whole).toContain(part)
  const guided = guidedPrompt({ problem: 'How many?', solution: 'It is 7.' })
  for (const part of ['How many?', 'It is 7.']) expect(guided).toContain(part)
  expect(whole + guided).not.toMatch(/[{}]/)
})

test('what a reply says is what is read from it', () => {
  expect(parseReflection(synthesisReply('2 + 5 is 7.', 'It is 8. Wait, it is 7.'), 'eos')).toEqual({
    kind: 'reflection',
    analysis: '2 + 5 is 7.',
    reconstruction: ' It is 8. Wait, it is 7. ',
  })
})
