/**
 * How sequences lie in a micro-batch. All matrix products run over one flat stream of N tokens without padding between
 * sequences; only attention sees rows, through index tables that are computed here once and serve every layer.
 *
 *     unit     one group: its prompt once, then its answers, each attending to the prompt and to itself
 *     bin      units that are always computed together, closed at a multiple of 128 tokens
 *     stream   the bins of one micro-batch
 *
 * Matrix products sum over a stream in blocks of 128 tokens, in order, so cutting a list of bins into micro-batches
 * anywhere gives the same bytes. Every stream ends with at least one padding token, and at least one row of attention is
 * shorter than the widest: that gives all padding a place whose gradient is exactly zero.
 */

export const BLOCK = 128 // tokens; the summation block of the kernels
const BIN_TOKENS = 1024 // a bin grows no larger, unless one unit does
const GOOD_FILL = 0.96 // a bin is closed early when this much of it is used
const SMALLEST_BIN = 384 // tokens
const LANE = 16 // widths of attention rows are multiples of this
const WIDEST_WHOLE = 400 // queries; attention over wider rows is computed in blocks of BLOCK queries, which keeps less, and is faster from about 1,000 on
export const MASKED = -1e30

/** Tokens that attend to themselves causally, after all tokens of the unit's segment `context` (-1: none). */
export interface Segment {
  readonly tokens: Int32Array // [n], n >= 1
  readonly position: number // of the first token
  readonly context: number // index within the unit, smaller than the segment's own
}

/** Segments that need each other. */
export interface Unit {
  readonly segments: readonly Segment[]
  readonly size: number // tokens of all segments
}

/** Units computed together; `tokens` includes the padding up to a multiple of BLOCK. */
export interface Bin<U extends Unit> {
  readonly units: readonly U[]
  readonly tokens: number
}

/** Cuts units, in order, into bins. The result depends on the units alone. */
export function bins<U extends Unit>(units: readonly U[]): Bin<U>[] {
  const closed: Bin<U>[] = []
  let start = 0
  while (start < units.length) {
    const end = binEnd(units, start)
    const chosen = units.slice(start, end)
    closed.push({ units: chosen, tokens: paddedSize(chosen.reduce((sum, unit) => sum + unit.size, 0)) })
    start = end
  }
  return closed
}

/**
 * The most segments that share one context. Streams of one step are laid out for the same number, since the order in which a
 * kernel sums depends on how many there are.
 */
export function mostUses(units: readonly Unit[]): number {
  return Math.max(1, ...units.map(({ segments }) => segments.filter(({ context }) => context >= 0).length))
}

/** Groups consecutive bins into micro-batches, each as large as fits, at least one bin. */
export function microBatches<U extends Unit>(all: readonly Bin<U>[], fits: (batch: readonly Bin<U>[]) => boolean): Bin<U>[][] {
  const batches: Bin<U>[][] = []
  for (const bin of all) {
    const last = batches.at(-1)
    if (last !== undefined && fits([...last, bin])) last.push(bin)
    else batches.push([bin])
  }
  return batches
}

/** Whether a micro-batch is within a budget of tokens. */
export function within(budget: number): (batch: readonly Bin<Unit>[]) => boolean {
  return (batch) => batch.reduce((sum, { tokens }) => sum + tokens, 0) <= budget
}

/** One attention row: a segment's place in the stream and its context's. */
interface Row {
  readonly start: number
  readonly length: number
  readonly contextStart: number
  readonly contextLength: number
}

/** A laid-out micro-batch. Letters: N stream tokens, R rows, K key-value heads, J query heads per key-value head, A row width, C context width. */
export interface Stream {
  readonly tokens: number // N, a multiple of BLOCK
  readonly ids: Int32Array // [N], 0 on padding
  readonly positions: BigInt64Array // [N]
  readonly starts: readonly (readonly number[])[] // stream index of each unit's segments, in order of units
  readonly rows: readonly Row[]
  readonly width: number // A; a multiple of BLOCK where attention is computed in blocks
  readonly contextWidth: number // C, 0 when no segment has a context
  readonly lastPosition: number // the largest position
  readonly uses: number // U, the most rows of any context
}

export function layOut(batch: readonly Bin<Unit>[], uses: number): Stream {
  const tokens = batch.reduce((sum, bin) => sum + bin.tokens, 0)
  const ids = new Int32Array(tokens)
  const positions = new BigInt64Array(tokens)
  const starts: number[][] = []
  const rows: Row[] = []
  let lastPosition = 0
  let binStart = 0
  for (const bin of batch) {
    let offset = binStart
    for (const unit of bin.units) {
      const unitStarts: number[] = []
      for (const segment of unit.segments) {
        ids.set(segment.tokens, offset)
        for (let t = 0; t < segment.tokens.length; t++) positions[offset + t] = BigInt(segment.position + t)
        lastPosition = Math.max(lastPosition, segment.position + segment.tokens.length - 1)
        const context = unit.segments[segment.context]
        rows.push({
          start: offset,
          length: segment.tokens.length,
          contextStart: context === undefined ? 0 : (unitStarts[segment.context] as number),
          contextLength: context === undefined ? 0 : context.tokens.length,
        })
        unitStarts.push(offset)
        offset += segment.tokens.length
      }
      starts.push(unitStarts)
    }
    binStart += bin.tokens
  }
  return { tokens, ids, positions, starts, rows, ...tileOf(rows), lastPosition, uses }
}

/** What a stream's memory depends on (memory.ts), without laying it out. */
export function streamSize(batch: readonly Bin<Unit>[]): Pick<Stream, 'tokens' | 'width' | 'contextWidth'> & { rows: { length: number } } {
  const rows = batch.flatMap(({ units }) =>
    units.flatMap(({ segments }) =>
      segments.map((segment) => ({ length: segment.tokens.length, contextLength: segments[segment.context]?.tokens.length ?? 0 })),
    ),
  )
  return { tokens: batch.reduce((sum, bin) => sum + bin.tokens, 0), rows, ...tileOf(rows) }
}

/** Widths that hold every row, with one row at least shorter than the tile. */
function tileOf(rows: readonly Pick<Row, 'length' | 'contextLength'>[]): Pick<Stream, 'width' | 'contextWidth'> {
  const widthIn = (step: number): number => {
    const width = roundUp(Math.max(...rows.map(({ length }) => length)), step)
    return rows.every(({ length }) => length === width) ? width + step : width
  }
  const contextWidth = roundUp(Math.max(...rows.map(({ contextLength }) => contextLength)), LANE)
  return { width: widthIn(LANE) <= WIDEST_WHOLE ? widthIn(LANE) : widthIn(BLOCK), contextWidth }
}

/** In how many blocks of queries attention over rows of this width is computed; 1: whole. */
export function queryBlocks(width: number): number {
  return width <= WIDEST_WHOLE ? 1 : Math.ceil(width / BLOCK)
}

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple
}

/** Where the bin that begins at `start` ends: at the first good fill, else at the best one below the limit. */
function binEnd(units: readonly Unit[], start: number): number {
  let size = 0
  let best = start + 1
  let bestFill = 0
  for (let end = start + 1; end <= units.length; end++) {
    size += (units[end - 1] as Unit).size
    if (end > start + 1 && paddedSize(size) > BIN_TOKENS) break
    const fill = size / paddedSize(size)
    if (fill >= bestFill) [best, bestFill] = [end, fill]
    if (fill >= GOOD_FILL && size >= SMALLEST_BIN) return end
    if (end === units.length && fill >= 0.9) return end
  }
  return best
}

/** With room for one padding token at least. */
function paddedSize(size: number): number {
  return roundUp(size + 1, BLOCK)
}
