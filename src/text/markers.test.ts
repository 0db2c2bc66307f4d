import { expect, test } from 'vitest'
import { reflectionMarkers, reflects } from './markers.ts'

test.each([
  'Half of 48 is 22. Wait, that is not right: half of 48 is 24.',
  'gems is 8 . wait gems is wrong , 2 plus 5 is 7 .',
  'wait gems is wrong',
  'The total is 72.\nBut wait, May was half of April.',
  'So 5 * 7 = 30. Hmm, that is wrong because 5 * 7 = 35.',
  'Let me double-check: 12 + 9 = 21.',
  "Let's recalculate the second step.",
  'I made a small mistake in the last line.',
  'I misread the question.',
  'Hold on. There are 60 minutes in an hour.',
  'Oops, I added instead of multiplying.',
])('an answer that turns back reflects: %s', (text) => {
  expect(reflects(text)).toBe(true)
})

test.each([
  'They wait for the bus for 10 minutes.',
  'In total, wait times are 30 minutes.',
  'The waiter waited 3 hours.',
  'How long must she wait? Wait times are 5 and 7 minutes, so 12.',
  'She makes 2 mistakes in 10 answers, so 20 % are wrong.',
  'He holds on to the rope. Hold on to 3 of them.',
  'Let me compute the total: 48 + 24 = 72.',
  'rings 2 . gems is rings 2 plus 5 , gems 7 . answer 7 .',
  '',
])('an answer that goes straight on does not: %s', (text) => {
  expect(reflects(text)).toBe(false)
})

test('the list has a version', () => {
  expect(reflectionMarkers.version).toBe('1')
})
