/** The report's tables as plain cells, which HTML and Markdown both write. Pure. */
import { leastP } from '../evaluation/arms.ts'
import type { Interval } from '../evaluation/wilson.ts'
import { type ArmResult, type ComparisonResult, everyArm } from '../grids/results.ts'
import { reflectionMarkers } from '../text/markers.ts'
import type { Cost, Report } from './data.ts'
import { type Published, published } from './published.ts'

export interface Table {
  readonly title: string
  readonly columns: readonly string[] // all but the first stand right
  readonly rows: readonly (readonly string[])[]
  readonly notes: readonly string[]
}

/** The comparisons first. */
export function tablesOf({ comparisons, costs }: Report): Table[] {
  const arms = everyArm(comparisons)
  return [...comparisons.map(comparisonTable), reflectionTable(arms), costTable(costs), publishedTable(published), armTable(arms)]
}

function comparisonTable({ title, reference, arms }: ComparisonResult): Table {
  const ks = [...new Set(arms.flatMap(({ figures }) => Object.keys(figures).flatMap((name) => /^passAt(\d+)$/.exec(name)?.[1] ?? [])))]
  const shown = ks
    .map(Number)
    .toSorted((a, b) => b - a)
    .filter((k, i) => i === 0 && k > 1) // the others are in the chart
  return {
    title,
    columns: [
      'method',
      'runs',
      'Pass@1',
      '95 %',
      ...shown.map((k) => `Pass@${k}`),
      'greedy',
      `against ${reference}`,
      '95 %',
      'p',
      'p, Holm',
    ],
    rows: arms.map(({ arm, runs, planned, right, figures, difference, p, adjusted }) => [
      arm,
      runs === planned ? String(runs) : `${runs} of ${planned}`,
      percent(right.value),
      range(right),
      ...shown.map((k) => percent(figures[`passAt${k}`])),
      percent(figures['greedy']),
      difference === undefined ? '' : points(difference.value),
      difference === undefined ? '' : `[${points(difference.low)}, ${points(difference.high)}]`,
      p === undefined ? '' : p.toFixed(3),
      adjusted === undefined ? '' : adjusted.toFixed(3),
    ]),
    notes: [
      'Per cent, means over runs. Pass@k by the unbiased estimator over all samples of a problem (Chen et al. 2021). Intervals: bootstrap over runs and problems together.',
      `p: two-sided permutation of runs between the method and the reference${leastText(reference, arms)}. Holm: adjusted for all comparisons of this table.`,
    ],
  }
}

/** What so few runs can show at best: `, at least 0.0079 for 5 against 5, 0.018 for 3 against 5 runs`. */
function leastText(reference: string, arms: readonly ArmResult[]): string {
  const base = arms.find(({ arm }) => arm === reference)?.runs ?? 0
  const others = new Set(arms.flatMap(({ arm, runs }) => (arm === reference || runs === 0 ? [] : [runs])))
  if (base === 0 || others.size === 0) return ''
  const least = [...others].toSorted((a, b) => b - a).map((runs) => `${leastP(base, runs).toPrecision(2)} for ${runs} against ${base}`)
  return `, at least ${least.join(', ')} runs`
}

function reflectionTable(arms: readonly ArmResult[]): Table {
  const names = ['reflectionRate', 'directSolutionRate', 'effectiveReflectionRate', 'directlyRight', 'meanLength', 'truncatedShare']
  return {
    title: 'Reflection',
    columns: ['method', 'reflecting', 'DSR', 'ERR', 'both', 'length', 'truncated'],
    rows: arms.map(({ arm, figures }) => [
      arm,
      ...names.map((name) => (name === 'meanLength' ? (figures[name]?.toFixed(1) ?? '') : percent(figures[name]))),
    ]),
    notes: [
      'DSR, direct solution rate: of the right answers, those without a reflection marker. ERR, effective reflection rate: of the answers with one, those that are right. Both: of all answers, right and without one. Length in tokens.',
      `Reflection markers, list ${reflectionMarkers.version}, as regular expressions: ${reflectionMarkers.patterns.join('  ')}`,
    ],
  }
}

function costTable(costs: readonly Cost[]): Table {
  const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
  return {
    title: 'Cost of a run',
    columns: ['method', 'tokens sampled', 'tokens trained', 'seconds', 'synthesis share'],
    rows: costs.map(({ arm, sampledTokens, trainedTokens, seconds, synthesisShare }) => [
      arm,
      whole(sampledTokens),
      whole(trainedTokens),
      whole(seconds),
      percent(synthesisShare),
    ]),
    notes: [
      'Means over runs, evaluations left out. Seconds are wall time of runs that may have shared the machine. Synthesis: replies, and scoring what is built from them.',
    ],
  }
}

function publishedTable({ source, setting, benchmarks, rows }: Published): Table {
  return {
    title: "The paper's figures",
    columns: ['figure', 'method', ...benchmarks],
    rows: rows.map(({ figure, method, values }) => [figure, method, ...values.map((value) => (value === undefined ? '' : String(value)))]),
    notes: [
      `Published, per cent: ${setting} (${source}). Another model, data and budget: for the direction of an effect, not for its size.`,
    ],
  }
}

function armTable(arms: readonly ArmResult[]): Table {
  return { title: 'Methods', columns: ['method', 'what it is'], rows: arms.map(({ arm, what }) => [arm, what]), notes: [] }
}

function percent(share: number | undefined): string {
  return share === undefined || Number.isNaN(share) ? '' : (100 * share).toFixed(1)
}

function range({ low, high }: Interval): string {
  return `[${percent(low)}, ${percent(high)}]`
}

function points(share: number): string {
  return `${share < 0 ? '' : '+'}${(100 * share).toFixed(1)}`
}
