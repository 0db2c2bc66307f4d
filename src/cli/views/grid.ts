/** Grids of methods and seeds: what is planned, what goes on, and the methods side by side. Pure. */
import { accuracyOf } from '../../evaluation/records.ts'
import type { Cell, Design, Plan } from '../../grids/grid.ts'
import type { ComparisonResult } from '../../grids/results.ts'
import type { EvaluationRecord } from '../../store/events.ts'
import type { Split } from '../../tasks/task.ts'
import { changeText, percent, percentInterval } from './format.ts'
import type { Paint } from './paint.ts'
import { table } from './table.ts'

export interface GridListing {
  readonly name: string
  readonly what: string
  readonly runs: number
}

export function gridsTable(grids: readonly GridListing[], paint: Paint): string {
  const rows = grids.map(({ name, what, runs }) => [paint('bold', name), String(runs), what])
  return table([{ title: 'grid' }, { title: 'runs', align: 'right' }, { title: 'what it compares' }], rows, paint)
}

export function gridIntro(
  { grid, cells, split }: Plan,
  { directory, wanted, left, jobs }: { directory: string; wanted: number; left: number; jobs: number }, // runs asked for, and of these not done
  paint: Paint,
): string {
  const { steps, evaluation } = (cells[0] as Cell).config
  const asked = wanted === cells.length ? String(wanted) : `${wanted} of ${cells.length}`
  const done = left === wanted ? '' : `, ${wanted - left} of them done`
  return [
    `${paint('bold', grid.name)}  ${grid.what}`,
    `${asked} runs of ${steps} steps${done}, ${jobs} at once, in ${directory}`,
    paint(
      'dim',
      `measured: right answers after the last step, ${evaluation.problems} problems of the ${split} split x ${evaluation.samples}`,
    ),
  ].join('\n')
}

/** A run that is done. */
export function cellLine({ name }: Cell, evaluation: EvaluationRecord, left: number, paint: Paint): string {
  return `${paint('green', name)}  ${percentInterval(accuracyOf(evaluation))} right  ${paint('dim', left === 0 ? 'the last one' : `${left} to go`)}`
}

export function runningLine(running: readonly { cell: Cell; step: number }[], left: number, paint: Paint): string {
  const each = running.map(({ cell, step }) => `${cell.name} ${step}/${cell.config.steps}`)
  return paint('dim', [...each, `${left} runs to go`].join('  '))
}

const FIGURES = [
  ['greedy', 'greedy'],
  ['reflecting', 'reflectionRate'],
  ['DSR', 'directSolutionRate'],
  ['ERR', 'effectiveReflectionRate'],
  ['both', 'directlyRight'],
] as const

export function resultsText(
  { split }: Design,
  { directory, comparisons }: { directory: string; comparisons: readonly ComparisonResult[] },
  paint: Paint,
): string {
  if (comparisons.every(({ arms }) => arms.length === 0)) return `no run is done yet; the same command goes on in ${directory}`
  const notes = [
    'right: mean over runs, 95 % interval over other seeds and other problems. DSR: right answers without reflection. ERR: answers with reflection',
    'that are right. both: of all answers, right and without reflection. p: two-sided permutation of runs, adjusted for all comparisons of a table (Holm).',
    `design, runs and evaluations: ${directory}`,
  ]
  return [...comparisons.map((each) => comparisonText(each, split, paint)), ...notes.map((note) => paint('dim', note))].join('\n')
}

function comparisonText({ title: heading, reference, arms }: ComparisonResult, split: Split, paint: Paint): string {
  const share = (value: number | undefined): string => (value === undefined ? '' : percent(value))
  const rows = arms.map(({ arm, runs, planned, right, figures, difference, adjusted }) => [
    paint('bold', arm),
    runs === planned ? String(runs) : `${runs} of ${planned}`,
    percentInterval(right),
    ...FIGURES.map(([, name]) => share(figures[name])),
    difference === undefined ? paint('dim', 'reference') : changeText(difference, paint),
    adjusted === undefined ? '' : adjusted.toFixed(3),
  ])
  const columns = [
    { title: 'method' },
    { title: 'runs', align: 'right' },
    { title: `right, ${split}` },
    ...FIGURES.map(([title]) => ({ title, align: 'right' }) as const),
    { title: `against ${reference}` },
    { title: 'p', align: 'right' },
  ] as const
  return `${heading}\n${table(columns, rows, paint)}\n`
}
