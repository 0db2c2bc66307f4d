/**
 * How sequences lie in a bin. All matrix products run over one flat stream of N tokens without padding between
 * sequences; only attention sees rows, through index tables that are computed here once and serve every layer.
 *
 *     unit     one group: its prompt once, then its answers, each attending to the prompt and to itself
 *     bin      units that are computed together; which ones depends on the units alone
 *     stream   a bin laid out, padding behind it
 *
 * Every stream ends with at least one padding token, and at least one row of attention is shorter than the widest: that gives
 * all padding a place whose gradient is exactly zero.
 */

export const BLOCK = 128 // queries of a block of attention
export const LANE = 16 // numbers of a vector: tokens, rows and widths are multiples of it
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

/** Units computed together; `tokens` includes the padding up to a multiple of LANE. */
export interface Bin<U extends Unit> {
  readonly units: readonly U[]
  readonly tokens: number
}

/** How units are cut into bins. */
export interface BinSize {
  readonly tokens: number // at most, about
  readonly even: boolean // an even number of bins, which two threads share well
}

/** Cuts units, in order, into bins of about the same size, none above the given one but where units are large. */
export function bins<U extends Unit>(units: readonly U[], { tokens: most, even }: BinSize): Bin<U>[] {
  const total = units.reduce((sum, { size }) => sum + size, 0)
  const share = total / (even ? 2 * Math.ceil(total / 2 / most) : Math.ceil(total / most))
  const cut: U[][] = []
  let before = 0
  for (const unit of units) {
    const place = Math.floor((before + unit.size / 2) / share)
    ;(cut[place] ??= []).push(unit)
    before += unit.size
  }
  const padded = (size: number): number => roundUp(size + 1, LANE)
  return Object.values(cut).map((chosen) => ({ units: chosen, tokens: padded(chosen.reduce((sum, { size }) => sum + size, 0)) }))
}

/** One attention row: a segment's place in the stream and its context's. */
interface Row {
  readonly start: number
  readonly length: number
  readonly contextStart: number
  readonly contextLength: number
}

/** A bin laid out. Letters: N stream tokens, R rows, K key-value heads, J query heads per key-value head, A row width, C context width. */
export interface Stream {
  readonly tokens: number // N, a multiple of LANE
  readonly ids: Int32Array // [N], 0 on padding
  readonly positions: BigInt64Array // [N]
  readonly starts: readonly (readonly number[])[] // stream index of each unit's segments, in order of units
  readonly rows: readonly Row[]
  readonly width: number // A; a multiple of BLOCK where attention is computed in blocks
  readonly contextWidth: number // C, 0 when no segment has a context
  readonly lastPosition: number // the largest position
  readonly uses: number // U, the most rows of any context
}

export function layOut({ units, tokens }: Bin<Unit>): Stream {
  const ids = new Int32Array(tokens)
  const positions = new BigInt64Array(tokens)
  const starts: number[][] = []
  const rows: Row[] = []
  let [lastPosition, offset] = [0, 0]
  for (const unit of units) {
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
  return { tokens, ids, positions, starts, rows, ...tileOf(rows), lastPosition, uses: mostUses(units) }
}

/** The most segments of a unit that share a context. */
function mostUses(units: readonly Unit[]): number {
  return Math.max(1, ...units.map(({ segments }) => segments.filter(({ context }) => context >= 0).length))
}

/** Widths that hold every row, with one row at least shorter than the tile. */
function tileOf(rows: readonly Row[]): Pick<Stream, 'width' | 'contextWidth'> {
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
