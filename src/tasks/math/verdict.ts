/** What the math task believes of an answer: the one place where it meets the verifier. */
import type { Verdict } from '../../types.ts'
import type { VerifyPolicy } from '../math-answer/policy.ts'
import { verifierPool, type VerifierPool } from '../math-answer/pool.ts'
import { verdictOf } from '../math-answer/verdict.ts'
import { goldText, readProblem, verify } from '../math-answer/verify.ts'

/** Total: any text gets a verdict. */
export function judge(gold: string, answer: string, policy: VerifyPolicy): Verdict {
  return verdictOf(verify(gold, answer, policy), policy)
}

let pool: VerifierPool | undefined

/** The same for many, in a thread of its own. */
export async function judgeMany(pairs: readonly (readonly [gold: string, answer: string])[], policy: VerifyPolicy): Promise<Verdict[]> {
  pool ??= verifierPool()
  return (await pool.verify(pairs, policy)).map((verification) => verdictOf(verification, policy))
}

/** Whether any answer could be right against this gold answer. */
export function isReadable(gold: string): boolean {
  return readProblem(gold) === undefined
}

/** Whether two gold answers are the same answer, taking either for the gold one. */
export function isSameAnswer(a: string, b: string): boolean {
  return a === b || isRight(a, b) || isRight(b, a)
}

function isRight(gold: string, other: string): boolean {
  return verify(gold, `\\boxed{${goldText(other)}}`).verdict === 'right'
}
