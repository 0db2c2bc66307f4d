/** What stands in brackets: groups, tuples, intervals, sets, also those that conditions make, and absolute values. */
import { accept, type Cursor, expect, nested, peek } from './cursor.ts'
import { type Close, holds, listOf, type Node, type Open } from './node.ts'
import { Unreadable } from './work.ts'

export const openers: readonly string[] = ['(', '[', '{', '\\{', 'lfloor', 'lceil']

/** What stands in brackets of any kind, or between bars. */
export function readBracketed(cursor: Cursor): Node {
  const sign = accept(cursor, ...openers, '|')
  if (sign === undefined) throw new Unreadable(`${peek(cursor)?.text ?? ''} where a value is expected`)
  if (sign === '|') {
    cursor.bars += 1
    const of = cursor.readSum(cursor)
    expect(cursor, '|')
    cursor.bars -= 1
    return { kind: 'call', name: 'abs', args: [of] }
  }
  if (sign === 'lfloor' || sign === 'lceil') {
    const of = cursor.readSum(cursor)
    expect(cursor, sign === 'lfloor' ? 'rfloor' : 'rceil')
    return { kind: 'call', name: sign === 'lfloor' ? 'floor' : 'ceil', args: [of] }
  }
  cursor.at -= 1
  if (sign === '{') {
    cursor.at += 1
    const items = cursor.readItems(cursor)
    expect(cursor, '}')
    const [only] = items
    if (only === undefined) throw new Unreadable('empty braces')
    return items.length === 1 ? only : { kind: 'list', items }
  }
  const builder = sign === '\\{' ? readBuilder(cursor) : undefined
  if (builder !== undefined) return builder
  const group = readGroup(cursor)
  const [only] = group.items
  return only !== undefined && group.items.length === 1 && group.open !== '{' && group.close !== '}' && !holds(only, 'relation')
    ? only
    : group
}

/** `\{x \mid x > 2\}`, `\{x \in \mathbb{R} : x > 2\}`: the conditions on a variable that may be any real number; undefined for other sets. */
function readBuilder(cursor: Cursor): Node | undefined {
  const at = (ahead: number): string => peek(cursor, ahead)?.text ?? ''
  if (peek(cursor, 1)?.kind !== 'name') return undefined
  const isReal = at(2) === 'in' && /^(?:all real numbers|R)$/.test(at(3))
  const bar = isReal ? 4 : 2
  if (!/^[|:]$/.test(at(bar)) || peek(cursor, bar)?.kind !== 'sign') return undefined
  return nested(cursor, () => {
    cursor.at += bar + 1
    const items = cursor.readItems(cursor)
    expect(cursor, '\\}')
    const [only] = items
    if (only === undefined) throw new Unreadable('a set of which nothing is said')
    return items.length === 1 ? only : listOf(items)
  })
}

/** A bracket with its items; one that opens an interval may be closed by the other kind. */
export function readGroup(cursor: Cursor): Extract<Node, { kind: 'group' }> {
  return nested(cursor, () => {
    const open = expect(cursor, '(', '[', '\\{').replace('\\', '') as Open
    const bars = cursor.bars
    cursor.bars = 0
    const items = cursor.readItems(cursor)
    cursor.bars = bars
    const close = expect(cursor, ...(open === '{' ? ['\\}'] : [')', ']'])).replace('\\', '') as Close
    return { kind: 'group', open, close, items }
  })
}
