/** Line charts as SVG text: vector, without scripts, coloured by the classes of the page (report/html.ts). Pure. */

export interface Point {
  readonly x: number
  readonly y: number
  readonly low?: number // of a band around the line
  readonly high?: number
}

export interface Series {
  readonly name: string
  readonly points: readonly Point[]
}

export interface ChartOptions {
  readonly title: string
  readonly x: string // what the axis is
  readonly share?: boolean // y in per cent
  readonly logarithmic?: boolean // x in powers of two
}

const WIDTH = 320
const HEIGHT = 200
const MARGIN = { left: 46, right: 10, top: 24, bottom: 34 }

/** One line for each series, with its band. Series without points are left out; '' when none has any. */
export function lineChart(series: readonly Series[], options: ChartOptions): string {
  const drawn = series.map((each, i) => ({ ...each, index: i })).filter(({ points }) => points.length > 0)
  if (drawn.length === 0) return ''
  const all = drawn.flatMap(({ points }) => points)
  const across = (x: number): number => (options.logarithmic === true ? Math.log2(x) : x)
  const xs = scale(
    all.map(({ x }) => across(x)),
    [MARGIN.left, WIDTH - MARGIN.right],
  )
  const ticks = niceTicks(Math.min(...all.map(lowest)), Math.max(...all.map(highest)))
  const ys = scale(ticks, [HEIGHT - MARGIN.bottom, MARGIN.top])
  const at = (x: number, y: number): string => `${xs(across(x)).toFixed(1)},${ys(y).toFixed(1)}`
  const lines = drawn.map(({ points, index }) => {
    const upper = points.map((point) => at(point.x, highest(point)))
    const lower = points.toReversed().map((point) => at(point.x, lowest(point)))
    const isBand = points.some((point) => highest(point) > lowest(point))
    const band = isBand ? `<polygon class="band s${index}" points="${[...upper, ...lower].join(' ')}"/>` : ''
    const dot =
      points.length === 1 ? `<circle class="line s${index}" r="2" cx="${xs(across(points[0]!.x))}" cy="${ys(points[0]!.y)}"/>` : ''
    return `${band}<polyline class="line s${index}" points="${points.map(({ x, y }) => at(x, y)).join(' ')}"/>${dot}`
  })
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(options.title)}">`,
    `<text class="title" x="${MARGIN.left}" y="14">${escaped(options.title)}</text>`,
    ...ticks.map((tick) => horizontal(ys(tick), options.share === true ? `${trimmed(100 * tick)} %` : trimmed(tick))),
    ...xTicks(all, options.logarithmic === true).map(
      (x) => `<text class="tick" text-anchor="middle" x="${xs(across(x)).toFixed(1)}" y="${HEIGHT - MARGIN.bottom + 14}">${x}</text>`,
    ),
    `<text class="tick" text-anchor="middle" x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 4}">${escaped(options.x)}</text>`,
    ...lines,
    '</svg>',
  ].join('')
}

/** Steps of 1, 2 or 5 times a power of ten that hold both ends: three to six of them. */
export function niceTicks(low: number, high: number): number[] {
  const span = high > low ? high - low : Math.abs(high) || 1
  const [from, to] = high > low ? [low, high] : [low - span / 2, high + span / 2]
  const rough = span / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10)
  const first = Math.floor(from / step)
  const count = Math.ceil(to / step) - first + 1
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function horizontal(y: number, label: string): string {
  const text = `<text class="tick" text-anchor="end" x="${MARGIN.left - 5}" y="${(y + 3).toFixed(1)}">${label}</text>`
  return `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}"/>${text}`
}

function xTicks(points: readonly Point[], isLogarithmic: boolean): number[] {
  const xs = [...new Set(points.map(({ x }) => x))].toSorted((a, b) => a - b)
  if (isLogarithmic || xs.length <= 5) return xs
  const [low, high] = [xs[0] as number, xs.at(-1) as number]
  return niceTicks(low, high).filter((tick) => tick >= low && tick <= high && Number.isInteger(tick))
}

/** From the range of some values to a range of the drawing. */
function scale(values: readonly number[], [from, to]: readonly [number, number]): (value: number) => number {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return (value) => (high === low ? (from + to) / 2 : from + ((value - low) / (high - low)) * (to - from))
}

function lowest({ y, low = y }: Point): number {
  return low
}

function highest({ y, high = y }: Point): number {
  return high
}

function trimmed(value: number): string {
  const size = Math.abs(value)
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(1) : String(Number(value.toPrecision(4)))
}
