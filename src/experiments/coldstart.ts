/** A cold start in the mini-world, for a model of its words: the configuration of `tapo coldstart collect`, `build` and `train`. */
import type { Config } from '../config/config.ts'
import { parseConfig } from '../config/parse.ts'

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
