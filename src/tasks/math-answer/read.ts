/** An answer's text as a tree, or why there is none. */
import { plainLatex, plainText } from './clean.ts'
import type { Node } from './node.ts'
import { parseAnswer } from './parse.ts'
import type { Commas } from './tokens.ts'
import { Unreadable, type Work } from './work.ts'

export interface Reading {
  readonly text: string // cleaned
  readonly node?: Node
  readonly problem?: string // why it is no tree
}

/** Reads one answer; `commas` says whether digits with commas between them may be one number. */
export function readAnswer(answer: string, work: Work, commas: Commas = 'groups'): Reading {
  const text = plainLatex(plainText(answer)).replace(/^(?:\\\\|[\s,;:])+|(?:\\\\|[\s,;:]|(?<!\.)\.)+$/g, '')
  if (text === '') return { text, problem: 'there is nothing to read' }
  try {
    return { text, node: parseAnswer(text, commas, work) }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { text, problem: error.message }
  }
}
