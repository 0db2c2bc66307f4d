/** What the math task believes of an answer: the one place where it meets the verifier. */
import type { Verdict } from '../../types.ts'
import { verifyNumber } from '../math-answer.ts'
import { numbersIn } from '../number-text.ts'

/** Total: any text gets a verdict. */
export function judge(gold: string, answer: string): Verdict {
  return verifyNumber(gold, answer)
}

/** Whether any answer could be right against this gold answer. */
export function isReadable(gold: string): boolean {
  if (/^-?\d{1,100}$/.test(gold)) return true
  return numbersIn(gold).length > 0 && judge(gold, `\\boxed{${gold}}`).reward === 1
}
