/**
 * The paper's settings as far as they are known (docs/paper.md): 8 attempts, the zone (2, 4), at most 4 constructions, clamps 0.01 and
 * 10, lambda 1, 500 steps; the rest is decided here. Its data and its 8B model are not part of the package: the task is GSM8K, whole.
 */
import type { Config } from '../config/config.ts'
import { parseConfig } from '../config/parse.ts'

export function paper(): Config {
  return parseConfig({
    name: 'paper',
    steps: 500,
    task: { kind: 'gsm8k' },
    method: { kind: 'tapo' },
    rollout: { problems: 32, groupSize: 8, maxTokens: 8192 },
    optimizer: { learningRate: 1e-6, warmupSteps: 10, weightDecay: 0.1 },
    evaluation: { everySteps: 50, problems: 100, samples: 16 },
  })
}
