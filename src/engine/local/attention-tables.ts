/** The index tables and the mask through which attention sees a stream (stream.ts). All positions are rows of flattened arrays. */
import { MASKED, type Stream, queryBlocks } from './stream.ts'

/** Letters as in stream.ts; B = C + A keys a row, a row's A queries in Q blocks. Indices are int32. */
export interface AttentionTables {
  readonly queries: Int32Array // [Q, R, K, J, A / Q] into stream queries [N*K*J]
  readonly queryHome: Int32Array // [N, K*J] into tile queries [Q*R*K*J*(A / Q)]
  readonly keys: Int32Array // [R, K, B] into stream keys [N*K]
  readonly keyHome: Int32Array // [N, K] into tile keys [R*K*B], each token's own place
  readonly contextUses: Int32Array // [P + 1, K, U] into tile keys: every other place of the P context tokens; the last row points at zeros
  readonly contextOf: Int32Array // [N] into the P + 1 rows
  readonly contextTokens: number // P
  readonly mask: Float32Array // [Q, R, A / Q, B], 0 or MASKED
  readonly seen: BigInt64Array // [Q], how many of the B keys a block can see
}

export function attentionTables(stream: Stream, kvHeads: number, heads: number): AttentionTables {
  const J = heads / kvHeads
  return {
    ...queryTables(stream, kvHeads, J),
    ...keyTables(stream, kvHeads),
    ...contextTables(stream, kvHeads),
    mask: mask(stream),
    seen: seen(stream),
  }
}

/** Where the queries of a block begin in a tile [Q, R, lines, A / Q], and how many there are. */
function blockPlaces(
  { rows, width }: Stream,
  lines: number,
): { span: number; start: (row: number, line: number, block: number) => number } {
  const span = width / queryBlocks(width)
  return { span, start: (row, line, block) => ((block * rows.length + row) * lines + line) * span }
}

/** A row that is shorter than the tile is wide: its last place is padding. */
function shortRow({ rows, width }: Stream): number {
  return rows.findIndex((row) => row.length < width)
}

function queryTables(stream: Stream, K: number, J: number): Pick<AttentionTables, 'queries' | 'queryHome'> {
  const { rows, tokens, width: A } = stream
  const queries = new Int32Array(rows.length * K * J * A)
  const queryHome = new Int32Array(tokens * K * J)
  const padding = tokens - 1
  const short = shortRow(stream)
  const { span, start } = blockPlaces(stream, K * J)
  for (let h = 0; h < K * J; h++) {
    for (let n = 0; n < tokens; n++) queryHome[n * K * J + h] = start(short, h, A / span - 1) + span - 1
    rows.forEach((row, r) => {
      for (let a = 0; a < A; a++) {
        const place = start(r, h, Math.floor(a / span)) + (a % span)
        const n = a < row.length ? row.start + a : padding
        queries[place] = n * K * J + h
        if (a < row.length) queryHome[n * K * J + h] = place
      }
    })
  }
  return { queries, queryHome }
}

function keyTables(stream: Stream, K: number): Pick<AttentionTables, 'keys' | 'keyHome'> {
  const { rows, tokens, width: A, contextWidth: C } = stream
  const B = C + A
  const keys = new Int32Array(rows.length * K * B)
  const keyHome = new Int32Array(tokens * K)
  const padding = tokens - 1
  const short = shortRow(stream)
  for (let k = 0; k < K; k++) {
    for (let n = 0; n < tokens; n++) keyHome[n * K + k] = (short * K + k) * B + B - 1
    rows.forEach((row, r) => {
      for (let b = 0; b < B; b++) {
        const own = b >= C && b - C < row.length
        const n = own ? row.start + b - C : b < row.contextLength ? row.contextStart + b : padding
        keys[(r * K + k) * B + b] = n * K + k
        if (own) keyHome[n * K + k] = (r * K + k) * B + b
      }
    })
  }
  return { keys, keyHome }
}

function contextTables(stream: Stream, K: number): Pick<AttentionTables, 'contextUses' | 'contextOf' | 'contextTokens'> {
  const { rows, tokens, width: A, contextWidth: C, uses: U } = stream
  const B = C + A
  const users = new Map<number, number[]>() // stream start of a context -> rows that use it
  rows.forEach((row, r) => {
    if (row.contextLength > 0) users.set(row.contextStart, [...(users.get(row.contextStart) ?? []), r])
  })
  const lengths = [...users].map(([, [r]]) => rows[r as number]?.contextLength ?? 0)
  const P = lengths.reduce((sum, length) => sum + length, 0)
  const contextUses = new Int32Array((P + 1) * K * U)
  const contextOf = new Int32Array(tokens).fill(P)
  const short = shortRow(stream)
  for (let i = 0; i < contextUses.length; i++) contextUses[i] = (short * K + (Math.floor(i / U) % K)) * B + B - 1
  let p = 0
  let context = 0
  for (const [start, list] of users) {
    for (let c = 0; c < (lengths[context] as number); c++, p++) {
      contextOf[start + c] = p
      for (let k = 0; k < K; k++) list.forEach((r, u) => (contextUses[(p * K + k) * U + u] = (r * K + k) * B + c))
    }
    context++
  }
  return { contextUses, contextOf, contextTokens: P }
}

function mask(stream: Stream): Float32Array {
  const { rows, width: A, contextWidth: C } = stream
  const B = C + A
  const values = new Float32Array(rows.length * A * B)
  const { span, start } = blockPlaces(stream, 1)
  rows.forEach((row, r) => {
    for (let a = 0; a < A; a++) {
      const line = (start(r, 0, Math.floor(a / span)) + (a % span)) * B
      values.fill(MASKED, line + row.contextLength, line + C)
      values.fill(MASKED, line + C + a + 1, line + B)
    }
  })
  return values
}

function seen({ width: A, contextWidth: C }: Stream): BigInt64Array {
  const blocks = queryBlocks(A)
  return BigInt64Array.from({ length: blocks }, (_, block) => BigInt(C + ((block + 1) * A) / blocks))
}
