/** A run's figures by step, for plotting and tables: every number that its events carry, under one name each. Pure. */
import type { RunEvent } from './events.ts'

export interface CurvePoint {
  readonly step: number
  readonly value: number
}

/**
 * The names: a step's metrics as they are ('accuracy', 'meanWeight'), the engine's report ('loss', 'gradientNorm', 'kl'
 * ...), 'learningRate', wall time ('seconds.rollout' ...), and evaluations ('evaluation.passAt1' ...). A step without the
 * figure has no point.
 */
export function curves(events: readonly RunEvent[]): Map<string, CurvePoint[]> {
  const all = new Map<string, CurvePoint[]>()
  for (const event of events) {
    if (!('step' in event)) continue
    for (const [name, value] of Object.entries(figuresOf(event))) {
      const points = all.get(name)
      if (points === undefined) all.set(name, [{ step: event.step, value }])
      else points.push({ step: event.step, value })
    }
  }
  return all
}

/** Every figure of one event, by the names of `curves`. */
export function figuresOf(event: RunEvent): Readonly<Record<string, number>> {
  if (event.type === 'evaluation') return prefixed('evaluation', event.figures)
  if (event.type !== 'step') return {}
  return { ...event.metrics, ...event.report, learningRate: event.update.learningRate, ...prefixed('seconds', event.timing.seconds) }
}

function prefixed(prefix: string, figures: Readonly<Record<string, number>> = {}): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${prefix}.${name}`, value]))
}
