/** Log-probability and entropy of given tokens: a forward pass, the vocabulary in chunks of rows. */
import { loop } from '../../graph/loop.ts'
import { type Value, input } from '../../graph/value.ts'
import type { ModelConfig } from '../../model/config.ts'
import { headName } from '../../model/transformer.ts'
import type { TokenScores } from '../../types.ts'
import type { ScoreRequest } from '../engine.ts'
import { forwardPass, type Seen } from './forward.ts'
import { chunkCutter, distribution } from './loss-head.ts'
import type { Tensors } from './optimizer-state.ts'
import type { Sequence } from './packing.ts'
import type { Queue } from './queue.ts'

export interface Scoring {
  /** Of the requests in bins that the queue has left; undefined for the others. */
  score(weights: Tensors, requests: readonly ScoreRequest[], queue?: Queue): Promise<(TokenScores | undefined)[]>
  dispose(): Promise<void>
}

export function scoring(config: ModelConfig, threads: number): Scoring {
  const pass = forwardPass(config, threads, (rows, weights) => scoreOutputs(rows, weights(headName(config))))
  return {
    async score(weights, requests, queue) {
      const scores = Array.from<TokenScores | undefined>({ length: requests.length })
      const wanted = requests.map(sequence).filter(({ targets }) => targets.length > 0)
      const seen: Seen = ({ targets }, { logprobs, entropies }) => {
        for (const { sequence: index, t, row } of targets) {
          const { request, tokens } = wanted[index] as ScoredSequence
          const score = (scores[request] ??= unscored(tokens))
          score.logprobs[t] = logprobs?.[row] as number
          score.entropies[t] = entropies?.[row] as number
        }
      }
      await pass.run(weights, wanted, seen, queue)
      return scores
    },
    dispose: () => pass.dispose(),
  }
}

/** The scores of a sequence of which nothing is scored: zeros. */
export function unscored({ length }: Int32Array): TokenScores {
  return { logprobs: new Float32Array(length), entropies: new Float32Array(length) }
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
