/** The verifier's word in the terms of training: reward 1 for right, else 0, and whether the 0 means anything. */
import type { Verdict } from '../../types.ts'
import { verifyDefaults, type VerifyPolicy } from './policy.ts'
import type { Verification } from './verify.ts'

export function verdictOf({ verdict, extracted }: Verification, { undecided }: Pick<VerifyPolicy, 'undecided'> = verifyDefaults): Verdict {
  const isLeftOut = verdict === 'undecided' && undecided === 'leave'
  return { reward: verdict === 'right' ? 1 : 0, answer: extracted, ...(isLeftOut && { undecided: true }) }
}
