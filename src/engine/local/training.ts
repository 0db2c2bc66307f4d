/** One training step: the gradient that lanes sum, and one optimizer update by it. */
import { type ModelConfig, parameterShapes } from '../../model/config.ts'
import type { Example } from '../../types.ts'
import type { Objective, StepReport, Update } from '../engine.ts'
import { reportOf } from '../step-figures.ts'
import { discard } from './discard.ts'
import { sequence } from './gradient.ts'
import type { Lanes } from './lanes.ts'
import { halves, type OptimizerHelp } from './optimizer-help.ts'
import { applyUpdate, globalNorm, weightUpdates } from './optimizer.ts'
import type { OptimizerState, OwnTensors, Tensors } from './optimizer-state.ts'
import { total } from './statistics.ts'

/** What a step would go by. */
export interface StepGradient {
  readonly tensors: Tensors // until it is applied or the next one is computed
  readonly report: StepReport
}

export interface Training {
  /**
   * At these weights. `teacher` are those that a divergence names. Throws EngineError when the loss or the gradient is not finite.
   */
  gradient(weights: Tensors, lesson: { examples: readonly Example[]; objective: Objective }, teacher?: Tensors): Promise<StepGradient>
  /** Updates weights and state, by the gradient of no token not at all, and gives up the gradient. */
  apply(gradient: StepGradient, weights: OwnTensors, state: OptimizerState, update: Update): Promise<void>
}

/** `help` is for models that are large enough for it. */
export function training(config: ModelConfig, lanes: Pick<Lanes, 'gradient'>, help?: OptimizerHelp): Training {
  const decaying = decays(config)
  return {
    async gradient(weights, { examples, objective }, teacher = weights) {
      const trained = examples.filter((example) => sequence(example).targets.length > 0)
      if (trained.length === 0) return { tensors: new Map(), report: reportOf(objective, total([]), 0) }
      const { gradient, figures } = await lanes.gradient(weights, { examples: trained, objective }, teacher)
      return { tensors: gradient, report: reportOf(objective, total(figures), globalNorm(gradient)) }
    },
    async apply({ tensors, report }, weights, state, update) {
      if (report.tokens === 0) return
      const gradientScale = Math.min(1, update.maxGradientNorm / Math.max(report.gradientNorm, Number.MIN_VALUE))
      const updates = weightUpdates(weights, tensors, state, { update, gradientScale, decays: decaying })
      const [own, others] = help === undefined ? [updates, []] : halves(updates)
      const helping = help?.apply(others)
      for (const each of own) applyUpdate(each)
      const returned = (await helping) ?? []
      for (const { name, weight, first, second } of returned) {
        weights.set(name, weight)
        state.first.set(name, first)
        state.second.set(name, second)
      }
      discard([...own, ...returned].map(({ gradient }) => gradient))
    },
  }
}

/** Weight decay is for matrices and embeddings, not for norms and biases. */
function decays(config: ModelConfig): (name: string) => boolean {
  const shapes = parameterShapes(config)
  return (name) => shapes.get(name)?.length === 2
}
