/**
 * What a run will need, before it is started: memory at its peak, seconds for a step and for an evaluation, bytes on the disk. Sums over the
 * model's shape, the configuration and a few problems. Pure. How far off it is, on two threads that multiply at 205 to 161 GFLOP/s:
 *
 *     run                                     a step, s           an evaluation, s   peak, MB
 *     quick                                   1.6-1.8 for 1.7     5.6-5.9 for 6.4    959 for 866-901
 *     gsm8k-warmup, SmolLM2-135M, 8 problems  10.4-13.1 for 11.3  105-124 for 87     7,697 for 7,000-7,300
 *
 * The row of SmolLM2 is of updates that kept all activations. Layer by layer (memory.ts) the same run has 3,788 MB after two steps where 8,800 are
 * forecast, and 3,334 without evaluations where 4,200 are: memory is overestimated where large models sample.
 *
 * Each other part of these is within a factor of 1.5. Answers are taken to be as long as the worked solutions; a model that rambles on takes longer
 * (before its warm-up SmolLM2 wrote answers twice as long, in an evaluation of 161 s). Reinforcement learning of a model of that size has not
 * been compared. A machine that is busy otherwise is slower by that.
 */
import type { Config } from '../config/config.ts'
import { parameterCount, weightBytes } from '../engine/local/memory.ts'
import type { ModelConfig } from '../model/config.ts'
import { peakBytes } from './forecast-memory.ts'
import { type Seconds, secondsOf } from './forecast-seconds.ts'
import type { Lengths } from './workload.ts'

export interface Forecast {
  readonly parameters: number
  readonly lengths: Lengths
  readonly peakMb: number
  readonly seconds: Seconds
  readonly diskMb: number // checkpoints and rollouts of the whole run
}

export interface Machine {
  readonly speed: number // floating-point operations per second
  readonly threads: number
}

export function forecast(config: Config, model: ModelConfig, lengths: Lengths, { speed, threads }: Machine): Forecast {
  return {
    parameters: parameterCount(model),
    lengths,
    peakMb: peakBytes(config, model, lengths, threads) / 1e6,
    seconds: secondsOf(config, model, lengths, speed),
    diskMb: diskBytes(config, model, lengths) / 1e6,
  }
}

/** A checkpoint holds weights and two moments; a step's file about thirty bytes a token. */
function diskBytes({ steps, saveEverySteps, rollout }: Config, model: ModelConfig, { prompt, answer }: Lengths): number {
  const checkpoints = saveEverySteps === 0 ? 1 : Math.max(1, Math.ceil(steps / saveEverySteps))
  return checkpoints * 3 * weightBytes(model) + steps * rollout.problems * Math.max(1, rollout.groupSize) * (prompt + answer) * 30
}
