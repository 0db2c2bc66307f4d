/** A run's configuration as types: what the parts of the package are told. Values, limits and meanings of every key are schema.ts's. */
import type { RowsOptions } from '../coldstart/rows-method.ts'
import type { Sampling, Update } from '../engine/engine.ts'
import type { LocalOptions } from '../engine/local/local-engine.ts'
import type { GrpoOptions } from '../methods/grpo.ts'
import type { OpsdOptions } from '../methods/opsd.ts'
import type { SftConstructedOptions } from '../methods/sft-constructed.ts'
import type { SftOptions } from '../methods/sft.ts'
import type { TapoOptions } from '../methods/tapo.ts'
import type { Schedule } from '../schedule.ts'
import type { Json } from '../store/events.ts'
import type { Gsm8kOptions } from '../tasks/gsm8k/gsm8k.ts'
import type { MathOptions } from '../tasks/math/math.ts'
import type { MiniOptions } from '../tasks/mini/mini.ts'

export interface Config {
  readonly name: string
  readonly seed: number
  readonly steps: number
  readonly out: string
  readonly saveEverySteps: number
  readonly model: { readonly path: string; readonly templateVariables: { readonly [name: string]: Json } }
  readonly engine: Required<Omit<LocalOptions, 'model'>>
  readonly task: TaskConfig
  readonly method: MethodConfig
  readonly rollout: RolloutConfig
  readonly optimizer: OptimizerConfig
  readonly evaluation: EvaluationConfig
}

export type TaskConfig =
  | ({ readonly kind: 'mini' } & Omit<MiniOptions, 'sizes'>)
  | ({ readonly kind: 'gsm8k' } & Gsm8kOptions)
  | ({ readonly kind: 'math' } & MathOptions)

export type MethodConfig =
  | ({ readonly kind: 'tapo' } & TapoOptions)
  | ({ readonly kind: 'grpo' } & GrpoOptions)
  | ({ readonly kind: 'opsd' } & OpsdOptions)
  | ({ readonly kind: 'sft' } & SftOptions)
  | ({ readonly kind: 'sft-constructed' } & SftConstructedOptions)
  | ({ readonly kind: 'rows'; readonly file: string } & RowsOptions)

export interface RolloutConfig extends Omit<Sampling, 'count'> {
  readonly problems: number
  readonly groupSize: number
  readonly replacements: number
  readonly only: string
}

export interface OptimizerConfig extends Omit<Update, 'objective' | 'learningRate'> {
  readonly learningRate: number
  readonly warmupSteps: number
  readonly schedule: Schedule['kind']
}

export interface EvaluationConfig {
  readonly everySteps: number
  readonly problems: number
  readonly samples: number
  readonly greedy: boolean
}
