/** How right answers and answers that reflect go together (method.md section 6). Pure. */

import { type Interval, wilson } from './wilson.ts'

/** One graded answer. */
export interface GradedAnswer {
  readonly right: boolean
  readonly reflects: boolean // contains a reflection marker
}

/** Shares of answers with Wilson's interval; NaN where the share is of nothing. */
export interface ReflectionRates {
  readonly reflectionRate: Interval // of all answers: reflect
  readonly directSolutionRate: Interval // of the right answers: do not reflect [I]
  readonly effectiveReflectionRate: Interval // of the answers that reflect: right [I]
  readonly directlyRight: Interval // of all answers: right and do not reflect
}

export function reflectionRates(answers: readonly GradedAnswer[]): ReflectionRates {
  const count = (test: (answer: GradedAnswer) => boolean): number => answers.filter(test).length
  const right = count((answer) => answer.right)
  const reflecting = count((answer) => answer.reflects)
  const directlyRight = count((answer) => answer.right && !answer.reflects)
  return {
    reflectionRate: wilson(reflecting, answers.length),
    directSolutionRate: wilson(directlyRight, right),
    effectiveReflectionRate: wilson(right - directlyRight, reflecting),
    directlyRight: wilson(directlyRight, answers.length),
  }
}
