/**
 * The verifier for answers that are one number: reads the final answer out of any text and compares it exactly with the gold
 * answer. It knows no algebra, no units and no percentages: `50%` is 50.
 */
import type { Verdict } from '../types.ts'
import { type FoundNumber, numbersIn } from './number-text.ts'
import { equal } from './rational.ts'

/** Phrases that announce a final answer, from the most to the least deliberate. The last place of the first one that is there counts. */
const announcements: readonly RegExp[] = [/####/g, /\\boxed\s*\{/g, /\b(?:final answer|answer)(?:\s+is|:|\s*=)/gi]

/**
 * The final answer of a text: the first number on the line after the last `####`; else in the last `\boxed{`; else after the
 * last "answer is"; else the last number of the text. Undefined where there is no number. A `####` without a number behind it
 * counts as not there.
 */
export function finalAnswer(text: string): FoundNumber | undefined {
  for (const announcement of announcements) {
    const places = [...text.matchAll(announcement)].toReversed()
    for (const { index, 0: phrase } of places) {
      const line = text.slice(index + phrase.length).split('\n', 1)[0] ?? ''
      const [number] = numbersIn(line)
      if (number !== undefined) return number
    }
  }
  return numbersIn(text).at(-1)
}

/** Right when the final answer equals `gold` as a fraction. Total: a text without a number is wrong. */
export function verifyNumber(gold: string, text: string): Verdict {
  const given = finalAnswer(text)
  const [wanted] = numbersIn(gold)
  return { reward: given && wanted && equal(given.value, wanted.value) ? 1 : 0, answer: given?.text }
}
