/** The grids that `tapo experiment` knows by name. */
import type { Zone } from '../algorithm/candidates.ts'
import type { Config } from '../config/config.ts'
import { advice } from '../config/nearest.ts'
import { UsageError } from '../errors.ts'
import { alterations } from '../experiments/alterations.ts'
import { gsm8k } from '../experiments/gsm8k.ts'
import { quick } from '../experiments/quick.ts'
import type { Arm, Comparison, Grid } from './grid.ts'

const tapo = (seeds: number): Arm => ({ name: 'tapo', what: 'TAPO as configured', seeds: upTo(seeds), of: (config) => config })

const altered = (name: string, seeds: number): Arm => {
  const alteration = alterations[name]
  if (alteration === undefined) throw new Error(`internal: no alteration ${name}`)
  return { name, what: alteration.what, seeds: upTo(seeds), of: alteration.of }
}

const ABLATIONS = ['no-suppression', 'coupled', 'no-selection', 'no-negatives', 'imitate', 'full-reconstruction', 'prefix-context']
const ZONES = [
  [1, 1],
  [2, 2],
  [3, 4],
  [4, 4],
] as const // n_pos, n_neg beside the paper's 2 and 4
const MOST = [1, 2] // m_max beside the paper's 4
const LAMBDAS = [0.25, 0.5, 2] // beside the paper's 1

function zoned([minRight, minWrong]: readonly [number, number]): Arm {
  const what = `constructions from ${minRight} right and ${minWrong} wrong attempts on`
  return { ...tapo(3), name: `zone-${minRight}-${minWrong}`, what, of: (config) => withZone(config, { minRight, minWrong }) }
}

function limited(maxConstructions: number): Arm {
  const what = `at most ${maxConstructions} constructions a problem`
  return { ...tapo(3), name: `most-${maxConstructions}`, what, of: (config) => withZone(config, { maxConstructions }) }
}

function scaled(lambda: number): Arm {
  const of = (config: Config): Config => ({ ...config, method: { ...config.method, lambda } as Config['method'] })
  return { ...tapo(3), name: `lambda-${lambda}`, what: `constructions count ${lambda} times`, of }
}

function withZone(config: Config, zone: Partial<Zone>): Config {
  const { method } = config
  return method.kind === 'tapo' ? { ...config, method: { ...method, zone: { ...method.zone, ...zone } } } : config
}

/** Half of quick: with twice the steps every method nears the ceiling of this world, and they hardly differ (LOG.md). */
function brief(): Config {
  return { ...quick(), steps: 20 }
}

/** Evaluated once, when a run is done; nothing is kept on the way but the last checkpoint. */
function once(config: Config): Config {
  return { ...config, saveEverySteps: 0, evaluation: { ...config.evaluation, everySteps: 0, samples: 16 } }
}

const BASELINES = ['cold-start', 'opsd', 'sft-constructed'].map((name) => altered(name, 3))
const NEIGHBOURS = ['opsd-live', 'dr-grpo', 'rloo', 'clip-higher', 'dynamic-sampling', 'dapo'].map((name) => altered(name, 3))
const TEACHERS = ['opsd', 'opsd-jsd', 'opsd-reverse', 'opsd-uncapped', 'opsd-sampled', 'opsd-live'].map((name) => altered(name, 3))
const SENSITIVITY = [...ZONES.map(zoned), ...MOST.map(limited), ...LAMBDAS.map(scaled)]

/** GRPO with more steps: constructions cost tokens and time, which it may spend on attempts. */
function longer(budget: string, steps: number): Arm {
  const { of, ...grpo } = altered('grpo', 3)
  return {
    ...grpo,
    name: `grpo-${budget}`,
    what: `GRPO for ${steps} steps: about TAPO's ${budget}`,
    of: (config) => of({ ...config, steps }),
  }
}

/** All of `arms` but `reference` against it. */
function against(reference: string, title: string, arms: readonly Arm[]): Comparison {
  return { title, reference, arms: arms.map(({ name }) => name).filter((name) => name !== reference) }
}

const pair = (seeds: number): Arm[] => [altered('grpo', seeds), tapo(seeds)]
const BUDGETS = [longer('tokens', 26), longer('seconds', 29)] // TAPO's 20 steps train 1.3 times the tokens and take 1.45 times as long: LOG.md
const ablations = ABLATIONS.map((name) => altered(name, 3))

/** The same method from the model before its cold start. */
function direct(arm: Arm): Arm {
  return { ...arm, name: `${arm.name}-direct`, what: `${arm.what}, without the cold start`, begins: 'base' }
}

const none = altered('cold-start', 3)
const withoutStep: Arm = { ...none, name: 'base', what: 'no update at all: the model before its cold start', begins: 'base' }
const directly = pair(5).map(direct)

export const grids: readonly Grid[] = [
  {
    name: 'mini',
    what: 'TAPO against GRPO in the mini-world, from the starter model',
    base: () => once(brief()),
    arms: pair(10),
    comparisons: [against('grpo', 'TAPO and GRPO', pair(10))],
  },
  {
    name: 'mini-evidence',
    what: 'TAPO, its baselines, each of its parts and its settings in the mini-world, from the starter model',
    base: () => once(brief()),
    arms: [...pair(5), ...BUDGETS, ...BASELINES, ...ablations, ...NEIGHBOURS, ...SENSITIVITY],
    comparisons: [
      against('grpo', 'Methods', [...pair(5), ...BASELINES]),
      against('tapo', 'Equal budgets: trained tokens, and wall time', [...BUDGETS]),
      against('tapo', 'Ablations: TAPO with one thing altered', ablations),
      against('grpo', "GRPO's and OPSD's neighbours", NEIGHBOURS),
      against('tapo', 'Sensitivity: TAPO with other settings', SENSITIVITY),
    ],
  },
  {
    name: 'mini-coldstart',
    what: 'RL in the mini-world from a model after its cold start (--model), and direct, from the model before it (--base)',
    base: () => once(brief()),
    arms: [...pair(5), ...directly, none, withoutStep],
    comparisons: [
      against('grpo', 'From the cold start', [...pair(5), none]),
      against('grpo-direct', 'Direct: without the cold start', [...directly, withoutStep]),
      against('tapo', 'TAPO from the cold start against all that is direct', directly),
    ],
  },
  {
    name: 'mini-teacher',
    what: 'OPSD in the mini-world: its divergences and its sampled-token form, from the starter model',
    base: () => once(brief()),
    arms: TEACHERS,
    comparisons: [against('opsd', "OPSD: the teacher's distribution, and what draws the student to it", TEACHERS)],
  },
  {
    name: 'gsm8k',
    what: 'TAPO against GRPO on easy GSM8K problems, from a model after warm-up and cold start (--model, --data)',
    base: () => once(gsm8k()),
    arms: pair(3),
    comparisons: [against('grpo', 'TAPO and GRPO', pair(3))],
  },
]

/** UsageError, with the nearest name, when there is none. */
export function gridOf(name: string): Grid {
  const found = grids.find((each) => each.name === name)
  if (found !== undefined) return found
  const names = grids.map((each) => each.name)
  throw new UsageError(`${name}: no such grid; ${advice(name, names, 'there are')}`)
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1)
}
