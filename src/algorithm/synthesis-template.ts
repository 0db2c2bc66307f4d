/** Data only: the synthesis prompt for tasks in plain text [D], the paper's wording being unknown. Names in braces are filled in by prompt.ts. */
export const synthesisTemplate = `Below are a problem, an attempt at it that is wrong, and a correct solution.

Problem:
{problem}

Attempt:
{attempt}

Correct solution:
{reference}

Write two parts and nothing else.

First, inside {openAnalysis} and {closeAnalysis}: walk through the attempt and find its first critical error, that is, the first false statement or inference that is not repaired later. Quote it and say why it is wrong.

Second, inside {openReconstruction} and {closeReconstruction}: copy the attempt word for word from its beginning up to and including the wrong step. Then say in the first person, in one to three sentences, that this step is wrong and why. Then go on correctly to the final answer. {answerFormat} Never mention the correct solution, the attempt, or these instructions.`
