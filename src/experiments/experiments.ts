/** Every experiment that `tapo train` knows by name: the functions of this folder, and each RL experiment with each alteration. */
import type { Config } from '../config/config.ts'
import { nearest } from '../config/nearest.ts'
import { UsageError } from '../errors.ts'
import { alterations } from './alterations.ts'
import { quickColdStart } from './coldstart.ts'
import { gsm8k, gsm8kColdStart, gsm8kWarmup } from './gsm8k.ts'
import { paper } from './paper.ts'
import { quick } from './quick.ts'

export interface Experiment {
  readonly name: string
  readonly what: string // in one sentence
  readonly make: () => Config
}

const reinforcement: readonly Experiment[] = [
  { name: 'quick', what: 'the starter model learns from its own mistakes in the mini-world', make: quick },
  { name: 'gsm8k', what: 'a real model (--model) on easy GSM8K problems (--data), after warm-up and cold start', make: gsm8k },
  {
    name: 'paper',
    what: "the paper's recipe: Qwen3-8B, DeepScaleR, AIME and HMMT; needs an engine of that size (--dry-run --engine plans it)",
    make: paper,
  },
]

const likelihood: readonly Experiment[] = [
  { name: 'quick-coldstart', what: 'likelihood on corrections in the mini-world, written by the task', make: quickColdStart },
  { name: 'gsm8k-warmup', what: 'likelihood on worked solutions, so that a real model is right now and then', make: gsm8kWarmup },
  { name: 'gsm8k-coldstart', what: 'likelihood on corrections of its own wrong attempts, written by the task', make: gsm8kColdStart },
]

export const experiments: readonly Experiment[] = [...reinforcement, ...likelihood, ...reinforcement.flatMap(altered)]

/** The experiment of that name. UsageError, with the nearest name, when there is none. */
export function experiment(name: string): Experiment {
  const found = experiments.find((each) => each.name === name)
  if (found !== undefined) return found
  const meant = nearest(
    name,
    experiments.map((each) => each.name),
  )
  throw new UsageError(
    `${name}: no such experiment or file${meant === undefined ? '; `tapo config` lists them' : `, did you mean ${meant}?`}`,
  )
}

function altered(base: Experiment): Experiment[] {
  return Object.entries(alterations).map(([word, { what, of }]) => {
    const name = `${base.name}-${word}`
    return { name, what: `${base.name}: ${what}`, make: () => ({ ...of(base.make()), name }) }
  })
}
