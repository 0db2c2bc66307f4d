/** The baselines and ablations: each a function that alters one thing of a configuration (docs/paper.md, baselines and ablations). */
import type { Config, MethodConfig } from '../config/config.ts'
import { grpoDefaults, type GrpoOptions } from '../methods/grpo.ts'
import type { TapoOptions } from '../methods/tapo.ts'

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
  'no-suppression': tapoWith('every token of a construction has weight 1', { suppression: 'off' }),
  coupled: tapoWith("constructions join the attempts' group, the contamination the paper warns of", { comparison: 'coupled' }),
  'no-selection': tapoWith('every group with one right and one wrong attempt gets constructions', {
    zone: { minRight: 1, minWrong: 1, maxConstructions: 4 },
  }),
  'no-negatives': tapoWith('constructed groups of right constructions alone, which have no gradient', { negatives: 'none' }),
  imitate: tapoWith('right constructions alone, each with advantage 1', { negatives: 'none', whenAllRight: 'imitate' }),
  'prefix-context': tapoWith("a construction's kept prefix is not in the loss", { prefixLoss: 'context' }),
}

/** GRPO with what a method has of its options. */
function grpoOf(method: MethodConfig): Extract<MethodConfig, { kind: 'grpo' }> {
  if (method.kind === 'sft' || method.kind === 'rows') return { kind: 'grpo', ...grpoDefaults }
  const { baseline, aggregation, clipLow, clipHigh } = method
  return { kind: 'grpo', baseline, aggregation, clipLow, clipHigh }
}

function grpoWith(what: string, options: Partial<GrpoOptions>): Alteration {
  return { what, of: (config) => ({ ...config, method: { ...grpoOf(config.method), ...options } }) }
}

function tapoWith(what: string, options: Partial<TapoOptions>): Alteration {
  return { what, of: (config) => (config.method.kind === 'tapo' ? { ...config, method: { ...config.method, ...options } } : config) }
}
