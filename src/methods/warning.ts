/** What the figures of a run's steps warn of (metric-names.ts): that corrections are asked for and none can be built. Pure. */
import { refusals } from '../algorithm/refusal.ts'

/** The part of a logged step that is looked at. */
export interface StepFigures {
  readonly metrics: Readonly<Record<string, number>>
}

const ENOUGH = 20 // tries; a model that builds one correction in seven fails them all in 1 run of 20

/** Undefined while there is nothing to say. The wording is for the person who trains. */
export function constructsNothing(steps: readonly StepFigures[]): string | undefined {
  const sum = (name: string): number => steps.reduce((total, { metrics }) => total + (metrics[name] ?? 0), 0)
  const tried = sum('construction.attempted')
  const isBuilt = steps.some(({ metrics }) => (metrics['construction.parseRate'] ?? 0) > 0)
  if (tried < ENOUGH || isBuilt) return undefined
  const reasons = refusals.map((reason) => ({ reason, count: sum(`construction.refused.${reason}`) })).filter(({ count }) => count > 0)
  const said = reasons.map(({ reason, count }) => `${count} ${reason}`).join(', ')
  return (
    `the model was asked for ${tried} corrections of its own wrong attempts and none could be used (${said}); while that is so, this is ` +
    'GRPO at a higher price. Give the model a cold start first: tapo coldstart collect, build and train'
  )
}
