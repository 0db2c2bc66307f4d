/** Log-probability and entropy of given tokens: a forward pass, the vocabulary in chunks of rows. */
import { loop } from '../../graph/loop.ts'
import { type Value, input } from '../../graph/value.ts'
import type { ModelConfig } from '../../model/config.ts'
import { headName } from '../../model/transformer.ts'
import type { TokenScores } from '../../types.ts'
import type { ScoreRequest } from '../engine.ts'
import { forwardPass } from './forward.ts'
import { chunkCutter, distribution } from './loss-head.ts'
import type { Tensors } from './optimizer-state.ts'
import type { Sequence } from './packing.ts'
import type { StreamOptions } from './stream-feeds.ts'

export interface Scoring {
  score(weights: Tensors, requests: readonly ScoreRequest[]): Promise<TokenScores[]>
  dispose(): Promise<void>
}

export function scoring(config: ModelConfig, options: StreamOptions): Scoring {
  const pass = forwardPass(config, options, (rows, weights) => scoreOutputs(rows, weights(headName(config))))
  return {
    async score(weights, requests) {
      const scores = requests.map(({ tokens }) => ({
        logprobs: new Float32Array(tokens.length),
        entropies: new Float32Array(tokens.length),
      }))
      const wanted = requests.map(sequence).filter(({ targets }) => targets.length > 0)
      await pass.run(weights, wanted, ({ targets }, { logprobs, entropies }) => {
        targets.forEach(({ sequence: index, t, row }) => {
          const score = scores[(wanted[index] as ScoredSequence).request] as TokenScores
          score.logprobs[t] = logprobs?.[row] as number
          score.entropies[t] = entropies?.[row] as number
        })
      })
      return scores
    },
    dispose: () => pass.dispose(),
  }
}

interface ScoredSequence extends Sequence {
  readonly request: number
}

/** Logprobs and entropies, [chunks, rows]. */
function scoreOutputs(hidden: Value, head: Value): Record<string, Value> {
  const { stacked } = loop({
    rounds: input('chunks', [], 'int64'),
    carried: [],
    captured: [hidden, head, input('targets', ['M'], 'int32'), input('chunkRows', [1], 'int64')],
    round: (index, _, captured) => {
      const [rows, weight, targets, size] = captured as [Value, Value, Value, Value]
      const cut = chunkCutter(index, size)
      const { logprob, entropy } = distribution(cut(rows), weight, cut(targets))
      return { carried: [], stacked: [logprob, entropy] }
    },
  })
  const [logprobs, entropies] = stacked as [Value, Value]
  return { logprobs, entropies }
}

function sequence({ tokens, from }: ScoreRequest, request: number): ScoredSequence {
  const first = Math.max(1, from)
  return { tokens, promptLength: first, request, targets: Array.from({ length: Math.max(0, tokens.length - first) }, (_, i) => first + i) }
}
