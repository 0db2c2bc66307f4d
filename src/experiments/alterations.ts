/** The baselines and ablations: each a function that alters one thing of a configuration (docs/paper.md, baselines and ablations). */
import type { Config, MethodConfig } from '../config/config.ts'
import { grpoDefaults, type GrpoOptions } from '../methods/grpo.ts'
import { opsdDefaults, type OpsdOptions } from '../methods/opsd.ts'
import { sftConstructedDefaults, type SftConstructedOptions } from '../methods/sft-constructed.ts'
import { tapoDefaults, type TapoOptions } from '../methods/tapo.ts'

export interface Alteration {
  readonly what: string // in a list: 'quick-grpo' is quick with this
  readonly of: (config: Config) => Config
}

/** By the word that joins an experiment's name: `quick-grpo`. */
export const alterations: Readonly<Record<string, Alteration>> = {
  grpo: grpoWith('the baseline without constructions', {}),
  'dr-grpo': grpoWith('GRPO without its deviation, length counted as the response limit (Dr. GRPO)', {
    baseline: { deviation: 'none', epsilon: 0 },
    aggregation: 'constant-length',
  }),
  rloo: grpoWith('each attempt against the mean of the others (RLOO)', { baseline: { deviation: 'leave-one-out', epsilon: 0 } }),
  'clip-higher': grpoWith("GRPO that lets a token's probability rise further before it is clipped (DAPO)", { clipHigh: 0.28 }),
  'sequence-mean': grpoWith("GRPO in which each attempt counts alike, which is GSPO's gradient where a step is one update", {
    aggregation: 'sequence-mean',
  }),
  'dynamic-sampling': replacing(grpoWith('GRPO in which groups rewarded alike give their places to further problems (DAPO)', {})),
  dapo: replacing(grpoWith('clip-higher and dynamic sampling together (DAPO)', { clipHigh: 0.28 })),
  'cold-start': { what: 'no update at all: the model that the others begin from', of: (config) => ({ ...config, steps: 0 }) },
  opsd: opsdWith('the model that began the run and sees a solution teaches it word by word, by forward KL; no reward (OPSD)', {}),
  'opsd-live': opsdWith('OPSD, the teacher being the model as it stands', { teacher: 'live' }),
  'opsd-jsd': opsdWith('OPSD by Jensen-Shannon divergence', { divergence: 'jsd' }),
  'opsd-reverse': opsdWith('OPSD by reverse KL', { divergence: 'reverse' }),
  'opsd-sampled': opsdWith("OPSD's sampled-token form: the teacher's log-ratio as each token's advantage", { divergence: 'sampled' }),
  'opsd-uncapped': opsdWith('OPSD in which a word of the vocabulary may count any amount', { cap: 0 }),
  'sft-constructed': sftConstructedWith('likelihood on its own right constructions, nothing else', {}),
  'no-suppression': tapoWith('every token of a construction has weight 1', { suppression: 'off' }),
  coupled: tapoWith("constructions join the attempts' group, the contamination the paper warns of", { comparison: 'coupled' }),
  'no-selection': tapoWith('every group with one right and one wrong attempt gets constructions', {
    zone: { minRight: 1, minWrong: 1, maxConstructions: 4 },
  }),
  'no-negatives': tapoWith('constructed groups of right constructions alone, which have no gradient', { negatives: 'none' }),
  imitate: tapoWith('right constructions alone, each with advantage 1', { negatives: 'none', whenAllRight: 'imitate' }),
  'full-reconstruction': tapoWith('constructions are whole solutions, nothing of the attempt is looked for or kept', {
    reconstruction: 'whole',
  }),
  'prefix-context': tapoWith("a construction's kept prefix is not in the loss", { prefixLoss: 'context' }),
}

function grpoWith(what: string, options: Partial<GrpoOptions>): Alteration {
  return { what, of: (config) => ({ ...config, method: { kind: 'grpo', ...kept(grpoDefaults, config.method), ...options } }) }
}

function tapoWith(what: string, options: Partial<TapoOptions>): Alteration {
  return { what, of: (config) => ({ ...config, method: { kind: 'tapo', ...kept(tapoDefaults, config.method), ...options } }) }
}

function opsdWith(what: string, options: Partial<OpsdOptions>): Alteration {
  return { what, of: (config) => ({ ...config, method: { kind: 'opsd', ...kept(opsdDefaults, config.method), ...options } }) }
}

function sftConstructedWith(what: string, options: Partial<SftConstructedOptions>): Alteration {
  const defaults = sftConstructedDefaults
  return { what, of: (config) => ({ ...config, method: { kind: 'sft-constructed', ...kept(defaults, config.method), ...options } }) }
}

const ROUNDS = 3 // of replacement at most

function replacing({ what, of }: Alteration): Alteration {
  const replaced = (config: Config): Config => ({ ...config, rollout: { ...config.rollout, replacements: ROUNDS } })
  return { what, of: (config) => replaced(of(config)) }
}

/** A method's options: those that the configured one has too as they are there, the others by default. */
function kept<O extends object>(defaults: O, method: MethodConfig): O {
  return { ...defaults, ...Object.fromEntries(Object.entries(method).filter(([name]) => name in defaults)) }
}
