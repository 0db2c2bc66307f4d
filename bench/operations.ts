/** Floating-point operations that a case needs per counted token: 2 for each weight and for each attended position, forward; three times that to train. */
import type { Case, Shape } from './cases.ts'

/** Weights in matrices, the tied embedding once. */
export function parameters({ hiddenSize, layers, heads, kvHeads, headSize, feedForwardSize, vocabularySize }: Shape): number {
  const attention = hiddenSize * headSize * (2 * heads + 2 * kvHeads)
  return vocabularySize * hiddenSize + layers * (attention + 3 * hiddenSize * feedForwardSize)
}

/** Operations for each token that `tokensPerSecond` counts. Work that could be avoided (padding, prompts computed twice) is not counted. */
export function operationsPerToken(benchCase: Case): number {
  switch (benchCase.kind) {
    case 'rollout':
      return forward(benchCase.shape, benchCase.prompt + benchCase.fresh / 2)
    case 'score':
      return forward(benchCase.shape, benchCase.length / 2)
    case 'update':
      return 3 * forward(benchCase.shape, benchCase.length / 2)
    case 'peak':
      return 1
    case 'loop':
      return 4 * forward(benchCase.shape, benchCase.prompt + benchCase.fresh / 2)
    case 'step': // sampled once, and two thirds of the answers are trained
      return (1 + 3 * (2 / 3)) * forward(benchCase.shape, benchCase.prompt + benchCase.fresh / 2)
    default:
      return benchCase satisfies never
  }
}

/** One token that attends to `positions` positions. */
function forward(shape: Shape, positions: number): number {
  return 2 * parameters(shape) + 4 * shape.layers * shape.heads * shape.headSize * positions
}
