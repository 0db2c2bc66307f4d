/** Attention over a stream as graph: gathers the stream into rows by the tables, attends, and gathers the result back. */
import { attention, blockAttention } from '../../graph/attention.ts'
import { add, gatherRows, reshape } from '../../graph/ops.ts'
import { type Shape, type Value, emit, fused, input, int64s } from '../../graph/value.ts'
import type { ModelConfig } from '../../model/config.ts'
import type { Attend } from '../../model/transformer.ts'
import type { AttentionTables } from './attention-tables.ts'
import type { Feeds } from './session.ts'
import { queryBlocks } from './stream.ts'

/** How a graph computes attention. Both give the same bytes; the tables of a stream fit one of them. */
export type AttentionForm = 'whole' | 'blocks'

export function attentionForm({ width }: { readonly width: number }): AttentionForm {
  return queryBlocks(width) === 1 ? 'whole' : 'blocks'
}

/** The graph's inputs for the tables of attention-tables.ts. */
export interface TableInputs {
  readonly queries: Value
  readonly queryHome: Value
  readonly keys: Value
  readonly keyHome: Value
  readonly contextUses: Value
  readonly contextOf: Value
  readonly mask: Value
  readonly seen: Value | undefined // of attention in blocks
}

export function tableInputs({ heads, kvHeads }: ModelConfig, form: AttentionForm): TableInputs {
  const inBlocks = (shape: Shape): Shape => (form === 'blocks' ? ['Q', ...shape] : shape)
  return {
    queries: input('queries', inBlocks(['R', kvHeads, heads / kvHeads, 'A']), 'int32'),
    queryHome: input('queryHome', ['N', heads], 'int32'),
    keys: input('keys', ['R', kvHeads, 1, 'B'], 'int32'),
    keyHome: input('keyHome', ['N', kvHeads], 'int32'),
    contextUses: input('contextUses', ['P', kvHeads, 'U'], 'int32'),
    contextOf: input('contextOf', ['N'], 'int32'),
    mask: input('mask', inBlocks(['R', 1, 1, 'A', 'B'])),
    seen: form === 'blocks' ? input('seen', ['Q'], 'int64') : undefined,
  }
}

/** What to feed for them; a session leaves out what its graph does not ask for. */
export function tableFeeds(tables: AttentionTables, { heads, kvHeads }: ModelConfig, rows: number): Feeds {
  const { queries, queryHome, keys, keyHome, contextUses, contextOf, mask, seen } = tables
  const blocks = seen.length
  const width = queries.length / rows / heads / blocks
  const keyWidth = keys.length / rows / kvHeads
  const inBlocks = (shape: readonly number[]): readonly number[] => (blocks > 1 ? [blocks, ...shape] : shape)
  return {
    queries: { data: queries, shape: inBlocks([rows, kvHeads, heads / kvHeads, width]) },
    queryHome: { data: queryHome, shape: [queryHome.length / heads, heads] },
    keys: { data: keys, shape: [rows, kvHeads, 1, keyWidth] },
    keyHome: { data: keyHome, shape: [keyHome.length / kvHeads, kvHeads] },
    contextUses: {
      data: contextUses,
      shape: [tables.contextTokens + 1, kvHeads, contextUses.length / (tables.contextTokens + 1) / kvHeads],
    },
    contextOf: { data: contextOf, shape: [contextOf.length] },
    mask: { data: mask, shape: inBlocks([rows, 1, 1, width, keyWidth]) },
    seen: { data: seen, shape: [blocks] },
  }
}

/** Attention through the tables. A context's keys and values sum the gradients of every row that attends to them. */
export function rowAttention({ heads, kvHeads, headSize }: ModelConfig, tables: TableInputs): Attend {
  const { mask, seen } = tables
  const scale = 1 / Math.sqrt(headSize)
  const flat = (x: Value): Value => reshape(x, ['places', headSize])
  const take = (x: Value, places: Value): Value => gatherRows(flat(x), places)
  const moved = (x: Value, places: Value, back: (g: Value) => Value): Value => fused(take(x, places), [x], ([g]) => [g && back(g)])
  const keyGradient = (g: Value): Value => reshape(add(take(g, tables.keyHome), contextGradient(g)), ['N', kvHeads * headSize])
  const contextGradient = (g: Value): Value => {
    const uses = take(g, tables.contextUses) // [P + 1, K, U, headSize]
    const sums = emit('ReduceSum', [uses, int64s([2])], ['P', kvHeads, headSize], { attributes: { keepdims: 0 } })
    return gatherRows(sums, tables.contextOf)
  }
  return (q, k, v) => {
    const queries = moved(q, tables.queries, (g) => reshape(take(g, tables.queryHome), q.shape))
    const [keys, values] = [k, v].map((x) => moved(x, tables.keys, keyGradient)) as [Value, Value]
    const y =
      seen === undefined ? attention(queries, keys, values, { mask, scale }) : blockAttention(queries, keys, values, { mask, scale, seen })
    const home = moved(y, tables.queryHome, (g) => take(g, tables.queries))
    return reshape(home, ['N', heads * headSize])
  }
}
