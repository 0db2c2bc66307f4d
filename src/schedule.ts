/** Learning rates by step: linear warm-up, then constant, linear or cosine decay. Pure: a step's rate is a function of the step alone. */

export interface Schedule {
  readonly kind: 'constant' | 'linear' | 'cosine'
  readonly learningRate: number // the peak
  readonly warmupSteps: number // 0 = none
  readonly steps: number // all steps of the run, warm-up included
}

/**
 * The rate of `step` (1 is the first). Warm-up climbs from learningRate / warmupSteps to the peak, so no update is wasted on a rate
 * of zero; decay starts at the peak and would reach zero one step after the last, for the same reason. [D]
 */
export function learningRateAt(schedule: Schedule, step: number): number {
  const { kind, learningRate, warmupSteps, steps } = schedule
  if (step <= warmupSteps) return (learningRate * step) / warmupSteps
  const done = Math.min(1, (step - warmupSteps - 1) / (steps - warmupSteps))
  switch (kind) {
    case 'constant':
      return learningRate
    case 'linear':
      return learningRate * (1 - done)
    case 'cosine':
      return (learningRate * (1 + Math.cos(Math.PI * done))) / 2
    default:
      return kind satisfies never
  }
}
