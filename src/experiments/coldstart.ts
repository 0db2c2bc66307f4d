/** Cold starts: the one of the mini-world, and how any experiment becomes a fit on rows. */
import type { Config } from '../config/config.ts'
import { parseConfig } from '../config/parse.ts'
import { rowsDefaults } from '../coldstart/rows-method.ts'

/** For a model of the mini-world's words: of `tapo coldstart collect`, `build` and `train`, or written by the task on the way by `tapo train`. */
export function quickColdStart(): Config {
  return parseConfig({
    name: 'quick-coldstart',
    steps: 100,
    model: { path: 'starter' },
    task: { kind: 'mini' },
    method: { kind: 'sft' },
    rollout: { problems: 32, maxTokens: 96 },
    optimizer: { learningRate: 2e-4, warmupSteps: 5, schedule: 'cosine', weightDecay: 0 },
    evaluation: { everySteps: 100, problems: 250, samples: 8 },
  })
}

/**
 * The run of `tapo coldstart train`: an experiment's model, task, steps and optimizer, on a file of rows. It is evaluated before and after,
 * and carries a name that says what it is.
 */
export function fittingRows(config: Config, file: string): Config {
  const { name, method, rollout, evaluation, steps } = config
  const prefixLoss = 'prefixLoss' in method ? method.prefixLoss : rowsDefaults.prefixLoss
  return {
    ...config,
    name: name.endsWith('-coldstart') ? name : `${name}-coldstart`,
    method: { kind: 'rows', file, prefixLoss },
    rollout: { ...rollout, groupSize: 0, only: '' },
    evaluation: { ...evaluation, everySteps: evaluation.everySteps === 0 ? steps : evaluation.everySteps },
  }
}
