/** What constructions cost: steps of `npm start` with TAPO and, as their baseline in the same run, with GRPO, as the command line does them. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StepEvent } from '../src/store/events.ts'
import { readRun } from '../src/store/reader.ts'

const STEPS = 6 // the first warms up
const program = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url)) // from bench/dist/bench

/** Medians over steps: seconds, and tokens that were sampled. */
interface StepFigures {
  readonly seconds: number
  readonly rollout: number // seconds
  readonly method: number // seconds: replies, their reading, and the scoring of what was built
  readonly update: number // seconds
  readonly tokens: number
  readonly peakRssMb: number
}

/** Like the bench's other rows (table.ts), with the step's parts. */
export interface ConstructionRow {
  readonly shape: 'starter'
  readonly measure: 'step'
  readonly variant: 'TAPO'
  readonly tokensPerSecond: number // of attempts and replies
  readonly seconds: number
  readonly peakRssMb: number
  readonly synthesisShare: number // of the step's time
  readonly parts: Readonly<Record<'rollout' | 'method' | 'update', number>> // seconds
  readonly baseline: StepFigures // GRPO
  readonly ratio: number // GRPO's seconds by TAPO's
}

export function constructionCost({ threads, rounds }: { readonly threads: number; readonly rounds: number }): ConstructionRow {
  const all = Array.from({ length: rounds }, () => [stepFigures('quick', threads), stepFigures('quick-grpo', threads)] as const)
  const [tapo, grpo] = [medians(all.map(([first]) => first)), medians(all.map(([, second]) => second))]
  const { seconds, rollout, method, update, tokens, peakRssMb } = tapo
  return {
    shape: 'starter',
    measure: 'step',
    variant: 'TAPO',
    tokensPerSecond: tokens / seconds,
    seconds,
    peakRssMb,
    synthesisShare: method / seconds,
    parts: { rollout, method, update },
    baseline: grpo,
    ratio: grpo.seconds / seconds,
  }
}

export function constructionText({ seconds, parts, synthesisShare, baseline, ratio }: ConstructionRow): string {
  const each = (['rollout', 'method', 'update'] as const).map((part) => `${part} ${parts[part].toFixed(2)} s`).join(', ')
  return `what construction costs, step of npm start: TAPO ${seconds.toFixed(2)} s (${each}; synthesis ${(100 * synthesisShare).toFixed(0)} %), GRPO ${baseline.seconds.toFixed(2)} s, ratio ${ratio.toFixed(2)}`
}

function stepFigures(experiment: string, threads: number): StepFigures {
  const folder = mkdtempSync(join(tmpdir(), 'tapo-bench-'))
  try {
    const run = join(folder, 'run')
    const settings = [`engine.threads=${threads}`, 'evaluation.everySteps=0'].flatMap((each) => ['--set', each])
    const words = ['train', experiment, '--steps', String(STEPS), '--out', run, ...settings]
    const { status, stderr } = spawnSync(process.execPath, [program, ...words], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`tapo ${words.join(' ')}: exit code ${status}; ${stderr}`)
    return medians(readRun(run).steps.slice(1).map(figuresOf))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function figuresOf({ timing, metrics }: StepEvent): StepFigures {
  const { total = 0, rollout = 0, method = 0, update = 0 } = timing.seconds ?? {}
  return { seconds: total, rollout, method, update, tokens: metrics['sampledTokens'] ?? 0, peakRssMb: timing.peakRssMb ?? 0 }
}

function medians(figures: readonly StepFigures[]): StepFigures {
  const median = (key: keyof StepFigures): number =>
    figures.map((each) => each[key]).toSorted((a, b) => a - b)[figures.length >> 1] as number
  return {
    seconds: median('seconds'),
    rollout: median('rollout'),
    method: median('method'),
    update: median('update'),
    tokens: median('tokens'),
    peakRssMb: median('peakRssMb'),
  }
}
