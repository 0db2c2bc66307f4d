/**
 * The paper's recipe, each constant beside the clause it comes from (docs/paper.md): Qwen3-8B with thinking off after its cold start,
 * DeepScaleR to learn from, AIME 2024, AIME 2025 and HMMT February 2025 to evaluate on. What the paper leaves open is decided here [D].
 * It needs an engine for an 8B model; `--dry-run --engine` plans for one.
 */
import type { Config } from '../config/config.ts'
import { parseConfig } from '../config/parse.ts'

export function paper(): Config {
  return parseConfig({
    name: 'paper',
    steps: 500, // [P] all methods at equal steps
    model: { templateVariables: { enable_thinking: false } }, // [P] Qwen3-8B, thinking off; --model is its folder after the cold start
    task: {
      kind: 'math',
      data: 'deepscaler', // [P] about 40k problems, of which about 16k remain between 12.5 and 87.5 % (tapo filter)
      evaluation: ['aime-2024', 'aime-2025', 'hmmt-2025'], // [P]
      badRows: 'skip', // [D] a few of its rows have no answer
      developmentShare: 0, // [D] evaluations during training ask the benchmarks, as the published curves do
    },
    method: {
      kind: 'tapo',
      zone: { minRight: 2, minWrong: 4, maxConstructions: 4 }, // [P] n_pos, n_neg, m_max
      suppression: { low: 0.01, high: 10 }, // [P]
      lambda: 1, // [P]
      comparison: 'decoupled', // [P]
    },
    rollout: { problems: 32, groupSize: 8, maxTokens: 8192, temperature: 1, topP: 1 }, // K [P], the rest [D]
    optimizer: { learningRate: 1e-6, warmupSteps: 10, schedule: 'constant', weightDecay: 0.1, maxGradientNorm: 1 }, // [D]
    evaluation: { everySteps: 50, problems: 90, samples: 16, greedy: false }, // 30 problems of each, n = 16 [I]; how often [D]
  })
}
