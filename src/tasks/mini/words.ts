/** Data only: the words of the mini-world. Every one is a token, and nothing else is. */
export const quantities: readonly string[] = [
  'apples',
  'beads',
  'boats',
  'books',
  'boxes',
  'cards',
  'clips',
  'coins',
  'cups',
  'dolls',
  'eggs',
  'flags',
  'gems',
  'hats',
  'jars',
  'keys',
  'lamps',
  'maps',
  'nuts',
  'pens',
  'pots',
  'rings',
  'shells',
  'shoes',
]

export const operators = ['plus', 'minus', 'times'] as const
export type Operator = (typeof operators)[number]

export const largestNumber = 20 // numbers are 1 to this, a token each

/** Words of problems, answers, reflections and synthesis prompts. */
export const grammarWords: readonly string[] = [
  'is',
  '.',
  '?',
  ',',
  'answer',
  'wait',
  'not',
  'same',
  'wrong',
  'attempt',
  'reference',
  'reflect',
  '<analysis>',
  '</analysis>',
  '<reconstruction>',
  '</reconstruction>',
]

export const endWord = '<end>'
export const paddingWord = '<pad>'
