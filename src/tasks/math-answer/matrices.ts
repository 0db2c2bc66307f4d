/** Matrices and vectors: `\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}` and its kin, array with its columns. */
import { accept, type Cursor, expect, isAt, peek } from './cursor.ts'
import type { Node } from './node.ts'
import { spend, Unreadable } from './work.ts'

/** Reads on behind `\begin`. */
export function readMatrix(cursor: Cursor): Node {
  const name = readEnvironment(cursor)
  if (!/^[pbB]?(?:small)?matrix$|^array$/.test(name)) throw new Unreadable(`the environment ${name}`)
  if (name === 'array' && isAt(cursor, '{')) readEnvironment(cursor) // its columns
  const rows: Node[][] = [[]]
  for (;;) {
    spend(cursor.work, 1)
    if (accept(cursor, '\\\\') !== undefined) rows.push([])
    else if (accept(cursor, '&') !== undefined) continue
    else if (peek(cursor)?.kind === 'command' && peek(cursor)?.text === 'end') break
    else rows.at(-1)?.push(cursor.readSum(cursor))
  }
  cursor.at += 1
  readEnvironment(cursor)
  return { kind: 'matrix', rows: rows.filter((row) => row.length > 0) }
}

/** A name in braces, as letters. */
function readEnvironment(cursor: Cursor): string {
  expect(cursor, '{')
  let name = ''
  while (!isAt(cursor, '}')) {
    const token = peek(cursor)
    if (token === undefined) throw new Unreadable('an environment without an end')
    name += token.text
    cursor.at += 1
  }
  expect(cursor, '}')
  return name
}
