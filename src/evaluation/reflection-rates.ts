/** How right answers and answers that reflect go together (method.md section 6). Pure. */

/** One graded answer. */
export interface GradedAnswer {
  readonly right: boolean
  readonly reflects: boolean // contains a reflection marker
}

/** Shares of answers; NaN where the share is of nothing. */
export interface ReflectionRates {
  readonly reflectionRate: number // of all answers: reflect
  readonly directSolutionRate: number // of the right answers: do not reflect [I]
  readonly effectiveReflectionRate: number // of the answers that reflect: right [I]
  readonly directlyRight: number // of all answers: right and do not reflect
}

export function reflectionRates(answers: readonly GradedAnswer[]): ReflectionRates {
  const count = (test: (answer: GradedAnswer) => boolean): number => answers.filter(test).length
  const right = count((answer) => answer.right)
  const reflecting = count((answer) => answer.reflects)
  const directlyRight = count((answer) => answer.right && !answer.reflects)
  return {
    reflectionRate: reflecting / answers.length,
    directSolutionRate: directlyRight / right,
    effectiveReflectionRate: (right - directlyRight) / reflecting,
    directlyRight: directlyRight / answers.length,
  }
}
