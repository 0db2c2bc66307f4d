/**
 * Data only: the synthesis prompt of the ablation in which nothing of the attempt is kept [D], for tasks in plain text. It is
 * synthesis-template.ts but for what the second part is to hold. Names in braces are filled in by prompt.ts.
 */
export const rewritingTemplate = `Below are a problem, an attempt at it that is wrong, and a correct solution.

Problem:
{problem}

Attempt:
{attempt}

Correct solution:
{reference}

Write two parts and nothing else.

First, inside {openAnalysis} and {closeAnalysis}: walk through the attempt and find its first critical error, that is, the first false statement or inference that is not repaired later. Quote it and say why it is wrong.

Second, inside {openReconstruction} and {closeReconstruction}: write the whole solution anew, from the beginning to the final answer, without that error and in the form that the problem asks for. Never mention the correct solution, the attempt, or these instructions.`
