/** A step's figures, each with what it means. Pure. */
import { type MetricName, metricNames } from '../../methods/metric-names.ts'
import { figuresOf } from '../../store/curves.ts'
import type { StepEvent } from '../../store/events.ts'
import { figure } from './format.ts'
import type { Paint } from './paint.ts'
import { table } from './table.ts'

/** What the update itself reports; means are over trained tokens. */
const UPDATE_MEANINGS: Readonly<Record<string, string>> = {
  loss: 'the summed objective before the update',
  gradientNorm: 'norm of the gradient before clipping',
  tokens: 'trained tokens',
  clipShare: 'share of trained tokens whose clip was active',
  kl: 'divergence from the sampling policy, nats',
  entropy: 'mean entropy of a trained token, nats',
  logprobDifference: "mean distance of the trainer's log-probability from the sampler's, nats",
  learningRate: 'of this step',
}

/** In the order of the log; refusals that did not occur are left out. */
export function figuresTable(event: StepEvent, paint: Paint): string {
  const shown = Object.entries(figuresOf(event)).filter(([name, value]) => !name.startsWith('construction.refused') || value > 0)
  return table(
    [{ title: `figures of step ${event.step}` }, { title: '', align: 'right' }, { title: '' }],
    shown.map(([name, value]) => [name, figure(value), paint('dim', meaningOf(name))]),
    paint,
  )
}

function meaningOf(name: string): string {
  if (name.startsWith('seconds.')) return 'wall time, s'
  const metric = Object.hasOwn(metricNames, name) ? metricNames[name as MetricName] : undefined
  return metric === undefined ? (UPDATE_MEANINGS[name] ?? '') : `${metric.meaning}; ${metric.unit}`
}
