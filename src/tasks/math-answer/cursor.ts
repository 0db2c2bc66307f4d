/** A place in a row of tokens, for the readers of parse.ts and primary.ts. */
import type { Items, Node } from './node.ts'
import type { Token } from './tokens.ts'
import { spend, Unreadable, type Work } from './work.ts'

export interface Cursor {
  readonly tokens: Token[]
  readonly work: Work
  readonly readSum: (cursor: Cursor) => Node
  readonly readItems: (cursor: Cursor) => Items
  at: number
  depth: number // of nested expressions
  bars: number // open |absolute values|
}

const maxDepth = 120

export function peek(cursor: Cursor, ahead: number = 0): Token | undefined {
  return cursor.tokens[cursor.at + ahead]
}

/** Whether the next token is one of these signs. */
export function isAt(cursor: Cursor, ...signs: readonly string[]): boolean {
  const token = peek(cursor)
  return token?.kind === 'sign' && signs.includes(token.text)
}

/** Takes the next token when it is one of these signs. */
export function accept(cursor: Cursor, ...signs: readonly string[]): string | undefined {
  if (!isAt(cursor, ...signs)) return undefined
  const token = peek(cursor)
  cursor.at += 1
  return token?.text
}

export function expect(cursor: Cursor, ...signs: readonly string[]): string {
  const found = accept(cursor, ...signs)
  if (found === undefined) throw new Unreadable(`${signs.join(' or ')} expected, ${peek(cursor)?.text ?? 'the end'} found`)
  return found
}

/** Reads one level deeper. */
export function nested<T>(cursor: Cursor, read: () => T): T {
  spend(cursor.work, 1)
  cursor.depth += 1
  if (cursor.depth > maxDepth) throw new Unreadable(`nested over ${maxDepth} deep`)
  const result = read()
  cursor.depth -= 1
  return result
}
