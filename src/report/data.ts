/** Everything that a report on a grid says, gathered from its folder. Reads files, runs nothing. */
import { join } from 'node:path'
import { meanOf } from '../evaluation/bootstrap.ts'
import { openModel } from '../experiments/model.ts'
import { readCell, runFolder } from '../grids/cell.ts'
import { readDesign } from '../grids/design-file.ts'
import type { Design } from '../grids/grid.ts'
import { type ArmResult, type ComparisonResult, everyArm, results } from '../grids/results.ts'
import { UsageError } from '../errors.ts'
import { type MetricMeaning, metricNames } from '../methods/metric-names.ts'
import { curves } from '../store/curves.ts'
import { readRows, readRun, type RunRecord } from '../store/reader.ts'
import type { Point, Series } from './chart.ts'
import { pickSpecimen, type Specimen, trajectoryParts } from './specimen.ts'

export interface Report {
  readonly design: Design
  readonly comparisons: readonly ComparisonResult[]
  readonly passAtK: readonly Series[] // of the first table's methods, mean over runs
  readonly curves: readonly Curve[] // of the same, mean over runs, lowest to highest run
  readonly costs: readonly Cost[]
  readonly trajectories: readonly Trajectory[]
  readonly missing: readonly string[] // cells that are not done
}

type Curves = ReturnType<typeof curves> // of one run

/** A figure by step. */
export interface Curve extends MetricMeaning {
  readonly name: string
  readonly arms: readonly Series[]
}

/** Means over an arm's runs. Wall time is that of runs which may have shared the machine. */
export interface Cost {
  readonly arm: string
  readonly sampledTokens: number
  readonly trainedTokens: number
  readonly seconds: number
  readonly synthesisShare: number // of a step's time: replies and the scoring of what was built from them
}

export interface Trajectory extends Specimen {
  readonly cell: string
}

/** Of the paper's figure 3 [P], then of our own (method.md, section 5). */
const CURVES: Readonly<Record<string, MetricMeaning>> = {
  'weight.mean': metricNames['weight.mean'],
  loss: { meaning: 'policy loss', unit: 'nats' },
  accuracy: metricNames.accuracy,
  gradientNorm: { meaning: 'gradient norm before clipping', unit: 'weight' },
  responseLength: metricNames.responseLength,
  kl: { meaning: 'KL from the policy that sampled, estimated on the batch', unit: 'nats' },
  'group.eligible': metricNames['group.eligible'],
  'construction.parseRate': metricNames['construction.parseRate'],
  'construction.successRate': metricNames['construction.successRate'],
  'group.zeroVariance': metricNames['group.zeroVariance'],
  'construction.zeroVariance': metricNames['construction.zeroVariance'],
  'weight.atLow': metricNames['weight.atLow'],
  'weight.atHigh': metricNames['weight.atHigh'],
  'construction.prefixLength': metricNames['construction.prefixLength'],
  reflectionRate: metricNames.reflectionRate,
  entropy: { meaning: 'mean entropy where a trained token stands', unit: 'nats' },
  logprobDifference: { meaning: 'mean difference of a log-probability between sampler and trainer', unit: 'nats' },
}

/** The rule by which trajectories are picked, as the report states it. */
export const PICKED =
  'From the first run that trained on constructions: its first, middle and last step with a right one that was trained on; in each, of the shorter half of them, the one whose suppression weights vary most.'

/** UsageError for a folder without a grid, or without a run that is done. */
export async function gatherReport(directory: string): Promise<Report> {
  const design = readDesign(directory)
  const comparisons = results(design, directory)
  const all = everyArm(comparisons)
  if (all.length === 0)
    throw new UsageError(`${directory}: no run of this grid is done yet; \`tapo experiment ${design.grid}\` goes on with it`)
  const place = (cell: string): string => join(directory, cell)
  const finished = design.cells.filter(({ name }) => readCell(place(name)) !== undefined)
  const runs = new Map(finished.map(({ name }) => [name, readRun(runFolder(place(name)))]))
  const found = new Map([...runs].map(([name, { events }]) => [name, curves(events)]))
  const curvesOf = (arm: string): Curves[] => finished.filter((cell) => cell.arm === arm).map(({ name }) => found.get(name) as Curves)
  const arms = comparisons[0]?.arms ?? []
  return {
    design,
    comparisons,
    passAtK: arms.map(passAtK),
    curves: Object.entries(CURVES).map(([name, meaning]) => ({
      name,
      ...meaning,
      arms: arms.map(({ arm }) => ({ name: arm, points: curveOf(curvesOf(arm), name) })),
    })),
    costs: all.map(({ arm }) => costOf(arm, curvesOf(arm))),
    trajectories: await trajectories(runs),
    missing: design.cells.filter(({ name }) => !runs.has(name)).map(({ name }) => name),
  }
}

function passAtK({ arm, figures }: ArmResult): Series {
  const points = Object.entries(figures).flatMap(([name, y]) => {
    const k = /^passAt(\d+)$/.exec(name)?.[1]
    return k === undefined ? [] : [{ x: Number(k), y }]
  })
  return { name: arm, points: points.toSorted((a, b) => a.x - b.x) }
}

/** By step, over the runs that have the figure there. */
function curveOf(runs: readonly Curves[], name: string): Point[] {
  const values = new Map<number, number[]>()
  for (const run of runs) for (const { step, value } of run.get(name) ?? []) values.set(step, [...(values.get(step) ?? []), value])
  return [...values]
    .map(([x, found]) => ({ x, y: meanOf(found), low: Math.min(...found), high: Math.max(...found) }))
    .toSorted((a, b) => a.x - b.x)
}

function costOf(arm: string, runs: readonly Curves[]): Cost {
  const total = (run: Curves, figure: string): number => (run.get(figure) ?? []).reduce((sum, { value }) => sum + value, 0)
  const mean = (figure: string): number => meanOf(runs.map((run) => total(run, figure)))
  const seconds = mean('seconds.total')
  return {
    arm,
    sampledTokens: mean('sampledTokens'),
    trainedTokens: mean('tokens'),
    seconds,
    synthesisShare: seconds === 0 ? 0 : mean('seconds.method') / seconds, // a run may have no steps
  }
}

async function trajectories(runs: ReadonlyMap<string, RunRecord>): Promise<Trajectory[]> {
  for (const [cell, run] of runs) {
    const found: Omit<Trajectory, 'parts'>[] = []
    for (const { step, metrics } of run.steps) {
      if ((metrics['trained.construction'] ?? 0) === 0) continue
      const row = pickSpecimen(await readRows(run, step))
      if (row !== undefined) found.push({ cell, step, row })
    }
    if (found.length === 0) continue
    const { tokenizer } = await openModel(run.directory)
    const chosen = [...new Set([0, Math.floor((found.length - 1) / 2), found.length - 1])].map((i) => found[i] as Omit<Trajectory, 'parts'>)
    return chosen.flatMap((each) => {
      const parts = trajectoryParts(each.row, tokenizer)
      return parts === undefined ? [] : [{ ...each, parts }]
    })
  }
  return []
}
