/** A step's figures, each with what it means. Pure. */
import { type MetricName, metricNames } from '../../methods/metric-names.ts'
import { figuresOf } from '../../store/curves.ts'
import type { StepEvent } from '../../store/events.ts'
import { figure } from './format.ts'
import type { Paint } from './paint.ts'
import { labelled, wrapText } from './wrap.ts'

/** What the update itself reports; means are over trained tokens. */
const UPDATE_MEANINGS: Readonly<Record<string, string>> = {
  loss: 'the summed objective before the update',
  gradientNorm: 'norm of the gradient before clipping',
  tokens: 'trained tokens',
  clipShare: 'share of trained tokens whose clip was active, of a divergence with a term above the cap',
  kl: 'divergence from the sampling policy; nats',
  entropy: 'mean entropy of a trained token; nats',
  logprobDifference: "mean distance of the trainer's log-probability from the sampler's; nats",
  divergence: "mean divergence from the teacher's distribution, nothing capped; nats",
  learningRate: 'learning rate of this step',
}

/** Where the time goes, as ../../rollout/stopwatch.ts parts it. */
const SECONDS_MEANINGS: Readonly<Record<string, string>> = {
  'seconds.rollout': 'sampling and grading attempts; s',
  'seconds.method': 'making examples of them, corrections included; s',
  'seconds.update': 'gradient and update; s',
  'seconds.engine': 'of all of these, inside the engine; s',
  'seconds.other': 'between these; s',
  'seconds.total': 'the whole step; s',
}

/** Units that a meaning does without. */
const PLAIN_UNITS: ReadonlySet<string> = new Set(['count', 'weight'])

const VALUE_WIDTH = 8

/** In the order of the log; refusals that did not occur are left out. */
export function figuresTable(event: StepEvent, width: number, paint: Paint): string {
  const shown = Object.entries(figuresOf(event)).filter(([name, value]) => !name.startsWith('construction.refused') || value > 0)
  const names = Math.max(...shown.map(([name]) => name.length))
  const lines = shown.map(([name, value]) => {
    const label = `${name.padEnd(names)}  ${figure(value).padStart(VALUE_WIDTH)}  `
    const meaning = wrapText(meaningOf(name), Math.max(20, width - label.length)).map((line) => paint('dim', line))
    return labelled(label, meaning, label.length)
  })
  return [paint('dim', `figures of step ${event.step}`), ...lines].join('\n')
}

function meaningOf(name: string): string {
  const metric = Object.hasOwn(metricNames, name) ? metricNames[name as MetricName] : undefined
  if (metric === undefined) return SECONDS_MEANINGS[name] ?? UPDATE_MEANINGS[name] ?? ''
  return PLAIN_UNITS.has(metric.unit) ? metric.meaning : `${metric.meaning}; ${metric.unit}`
}
