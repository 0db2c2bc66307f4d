/**
 * A real pretrained model on the easy part of GSM8K (at most two calculations, numbers below 100), sized for a model of about a
 * hundred million parameters on a few cores: a warm-up on worked solutions, a cold start with corrections that the task writes, then RL.
 */
import type { Config } from '../config/config.ts'
import { parseConfig } from '../config/parse.ts'

const EASY = { kind: 'gsm8k', maxCalculations: 2, maxNumber: 99 } as const
const EVALUATION = { everySteps: 30, problems: 64, samples: 4 } as const

/** Reinforcement learning from a started model. */
export function gsm8k(): Config {
  return parseConfig({
    name: 'gsm8k',
    steps: 30,
    saveEverySteps: 10,
    task: EASY,
    method: { kind: 'tapo' },
    rollout: { problems: 8, maxTokens: 160 },
    optimizer: { learningRate: 1e-5, warmupSteps: 3, weightDecay: 0 },
    evaluation: EVALUATION,
  })
}

/** Likelihood on worked solutions alone, three times each (77 steps see all 1,232 of them); nothing is sampled. */
export function gsm8kWarmup(): Config {
  return parseConfig({
    name: 'gsm8k-warmup',
    steps: 231,
    saveEverySteps: 77,
    task: EASY,
    method: { kind: 'sft', corrections: false, reflections: false },
    rollout: { problems: 16, groupSize: 0, maxTokens: 160 },
    optimizer: { learningRate: 4e-4, warmupSteps: 5, schedule: 'cosine', weightDecay: 0 },
    evaluation: { ...EVALUATION, everySteps: 77 },
  })
}

/** Worked solutions, corrections of the model's own wrong attempts, and the replies that would have made them. */
export function gsm8kColdStart(): Config {
  return parseConfig({
    name: 'gsm8k-coldstart',
    steps: 60,
    saveEverySteps: 20,
    task: EASY,
    method: { kind: 'sft' },
    rollout: { problems: 16, groupSize: 1, maxTokens: 160 },
    optimizer: { learningRate: 2e-4, warmupSteps: 5, schedule: 'cosine', weightDecay: 0 },
    evaluation: EVALUATION,
  })
}
