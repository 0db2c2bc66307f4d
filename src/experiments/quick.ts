/** The experiment of `npm start`: the starter model learns from its own mistakes in the mini-world, a few seconds a step. */
import type { Config } from '../config/config.ts'
import { parseConfig } from '../config/parse.ts'

export function quick(): Config {
  return parseConfig({
    name: 'quick',
    steps: 40,
    saveEverySteps: 20,
    model: { path: 'starter' },
    task: { kind: 'mini' },
    method: { kind: 'tapo' },
    rollout: { problems: 24, maxTokens: 96 },
    optimizer: { learningRate: 5e-5, warmupSteps: 2, schedule: 'cosine', weightDecay: 0 },
    evaluation: { everySteps: 40, problems: 250, samples: 8 },
  })
}
