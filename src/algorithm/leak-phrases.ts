/**
 * Data only: words by which a reconstruction betrays that it was written with a right solution in view [D]. Compared in lower
 * case, with every run of white space as one space, and only against what the model wrote after the kept prefix.
 */
export const leakPhrases: readonly string[] = [
  'reference solution',
  'reference answer',
  'the given correct',
  'the given solution',
  'the given answer',
  'the provided solution',
  'the provided answer',
  'solution provided',
  'correct solution above',
  'right solution above',
  'the attempt',
  'wrong attempt',
  'previous attempt',
]
