/** The grids that `tapo experiment` knows by name. */
import type { Config } from '../config/config.ts'
import { nearest } from '../config/nearest.ts'
import { UsageError } from '../errors.ts'
import { alterations } from '../experiments/alterations.ts'
import { gsm8k } from '../experiments/gsm8k.ts'
import { quick } from '../experiments/quick.ts'
import type { Arm, Grid } from './grid.ts'

const tapo = (seeds: number): Arm => ({ name: 'tapo', what: 'TAPO as configured', seeds: upTo(seeds), of: (config) => config })

const altered = (name: string, seeds: number): Arm => {
  const alteration = alterations[name]
  if (alteration === undefined) throw new Error(`internal: no alteration ${name}`)
  return { name, what: alteration.what, seeds: upTo(seeds), of: alteration.of }
}

/** Evaluated once, when a run is done; nothing is kept on the way but the last checkpoint. */
function once(config: Config): Config {
  return { ...config, saveEverySteps: 0, evaluation: { ...config.evaluation, everySteps: 0, samples: 16 } }
}

export const grids: readonly Grid[] = [
  {
    name: 'mini',
    what: 'TAPO against GRPO in the mini-world, from the starter model',
    base: () => once(quick()),
    arms: [altered('grpo', 5), tapo(5)],
  },
  {
    name: 'mini-ablations',
    what: 'what each part of TAPO does in the mini-world: TAPO with one thing altered, against TAPO',
    base: () => once(quick()),
    arms: [tapo(3), ...Object.keys(alterations).map((name) => altered(name, 3))],
  },
  {
    name: 'gsm8k',
    what: 'TAPO against GRPO on easy GSM8K problems, from a model after warm-up and cold start (--model, --data)',
    base: () => once(gsm8k()),
    arms: [altered('grpo', 3), tapo(3)],
  },
]

/** UsageError, with the nearest name, when there is none. */
export function gridOf(name: string): Grid {
  const found = grids.find((each) => each.name === name)
  if (found !== undefined) return found
  const names = grids.map((each) => each.name)
  const meant = nearest(name, names)
  throw new UsageError(`${name}: no such grid; ${meant === undefined ? `there are ${names.join(', ')}` : `did you mean ${meant}?`}`)
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1)
}
