/** Bad input: it ends after counted work, is never right for another answer, and only so much of it is looked at. No clock. */
import { expect, test } from 'vitest'
import { hostilePairs } from './fixtures/hostile.ts'
import { verifyDefaults } from './policy.ts'
import { verify } from './verify.ts'

test('hostile answers and gold answers end within the counted work of a tenth of a second, and are never right', () => {
  for (const [what, gold, response] of hostilePairs()) {
    const { verdict, why } = verify(gold, response)
    expect([what, verdict === 'right', why.includes('internal')]).toEqual([what, false, false])
  }
  expect(verifyDefaults.maxWork).toBe(100_000) // steps of about a microsecond
})

test('what has over 2000 characters is not read, and what spends the work of a verdict ends there', () => {
  const sum = `${'1+'.repeat(1500)}1`
  expect(verify('7', `\\boxed{${sum}}`)).toMatchObject({ verdict: 'wrong', method: 'limits' })
  expect(verify(sum, '\\boxed{7}')).toMatchObject({ verdict: 'undecided', method: 'limits' })
  const little = { ...verifyDefaults, maxWork: 100 }
  expect(verify('x^2 + 2x + 1', '\\boxed{(x + 1)^2}').verdict).toBe('right')
  expect(verify('x^2 + 2x + 1', '\\boxed{(x + 1)^2}', little)).toMatchObject({ verdict: 'undecided', method: 'limits' })
})

test('of a long response only the last 100,000 characters are looked at', () => {
  const tail = `${'so it is 12, and then '.repeat(5000)}\nThe answer is \\boxed{7}.`.slice(-100_000)
  expect(verify('7', `\\boxed{8} ${'x'.repeat(10_000_000)}${tail}`)).toEqual(verify('7', tail))
  expect(verify('8', `\\boxed{8} ${'x'.repeat(10_000_000)}`).verdict).toBe('wrong')
})

test('signs that are not seen change nothing: directions, controls, full-width digits', () => {
  const same = [
    '\uff11\uff12\uff13',
    '1\u202e2\u200f3',
    '\u00001\u000723',
    '\ud80012\udc003',
    '\u2066123\u2069',
    '\ufeff123',
    '\u3000123\u00a0',
  ]
  for (const digits of same) expect([digits, verify('123', `\\boxed{${digits}}`).verdict]).toEqual([digits, 'right'])
  expect(verify('\u202e123', '\\boxed{123}').verdict).toBe('right')
})
