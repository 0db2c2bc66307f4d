/** Log-probability and entropy of given tokens: a forward pass over micro-batches, the vocabulary in chunks of rows. */
import { loop } from '../../graph/loop.ts'
import { gatherRows } from '../../graph/ops.ts'
import { type Value, input } from '../../graph/value.ts'
import type { ModelConfig } from '../../model/config.ts'
import { headName, transformer } from '../../model/transformer.ts'
import type { TokenScores } from '../../types.ts'
import type { ScoreRequest } from '../engine.ts'
import { type AttentionForm, rowAttention, tableInputs } from './attention.ts'
import { chunkCutter, distribution } from './loss-head.ts'
import type { Tensors } from './optimizer-state.ts'
import { type Sequence, type SequenceUnit, sequenceUnits } from './packing.ts'
import { targetRows } from './rows.ts'
import { compile } from './session.ts'
import { type StreamSessions, streamSessions } from './stream-sessions.ts'
import { rotations, streamFeeds } from './stream-feeds.ts'
import { type Bin, bins, layOut, microBatches, mostUses, within } from './stream.ts'
import { type StreamOptions, weightFeeds } from './training.ts'
import { placeInputs, weightInputs } from './training-graph.ts'

export interface Scoring {
  score(weights: Tensors, requests: readonly ScoreRequest[]): Promise<TokenScores[]>
  dispose(): Promise<void>
}

export function scoring(config: ModelConfig, { threads, microBatchTokens }: StreamOptions): Scoring {
  const sessions = streamSessions((form) => compile(scoringGraph(config, form), { threads }))
  const rotationsOf = rotations(config)
  return {
    async score(weights, requests) {
      const scores = requests.map(({ tokens }) => ({
        logprobs: new Float32Array(tokens.length),
        entropies: new Float32Array(tokens.length),
      }))
      const wanted = requests.map(sequence).filter(({ targets }) => targets.length > 0)
      const units = sequenceUnits(wanted)
      for (const batch of microBatches(bins(units), within(microBatchTokens))) {
        await scoreMicroBatch(batch, { sessions, config, weights, rotationsOf, wanted, scores, uses: mostUses(units) })
      }
      return scores
    },
    dispose: () => sessions.dispose(),
  }
}

interface ScoredSequence extends Sequence {
  readonly request: number
}

interface ScoreParts {
  readonly sessions: StreamSessions
  readonly config: ModelConfig
  readonly weights: Tensors
  readonly rotationsOf: ReturnType<typeof rotations>
  readonly wanted: readonly ScoredSequence[]
  readonly scores: readonly TokenScores[]
  readonly uses: number
}

async function scoreMicroBatch(batch: readonly Bin<SequenceUnit>[], parts: ScoreParts): Promise<void> {
  const { config, wanted } = parts
  const stream = layOut(batch, parts.uses)
  const rows = targetRows(batch, stream, config.vocabularySize)
  const targets = new Int32Array(rows.count)
  rows.targets.forEach(({ sequence: index, t, row }) => (targets[row] = wanted[index]?.tokens[t] ?? 0))
  const session = await parts.sessions.get(stream)
  const { logprobs, entropies } = await session.run({
    ...weightFeeds(parts.weights, config),
    ...streamFeeds(stream, config, parts.rotationsOf(stream.lastPosition + 1)),
    targetPlaces: { data: rows.places, shape: [rows.count] },
    targets: { data: targets, shape: [rows.count] },
    chunks: { data: BigInt64Array.of(BigInt(rows.chunks)), shape: [] },
    chunkRows: { data: BigInt64Array.of(BigInt(rows.count / rows.chunks)), shape: [1] },
  })
  rows.targets.forEach(({ sequence: index, t, row }) => {
    const score = parts.scores[(wanted[index] as ScoredSequence).request] as TokenScores
    score.logprobs[t] = logprobs?.[row] as number
    score.entropies[t] = entropies?.[row] as number
  })
}

/** Outputs logprobs and entropies, [chunks, rows]. */
function scoringGraph(config: ModelConfig, form: AttentionForm): Record<string, Value> {
  const { weights } = weightInputs(config)
  const embeddings = gatherRows(weights('model.embed_tokens.weight'), input('ids', ['N'], 'int32'))
  const hidden = transformer(embeddings, {
    config,
    weights,
    places: placeInputs(config),
    attend: rowAttention(config, tableInputs(config, form)),
  })
  const { stacked } = loop({
    rounds: input('chunks', [], 'int64'),
    carried: [],
    captured: [
      gatherRows(hidden, input('targetPlaces', ['M'], 'int32')),
      weights(headName(config)),
      input('targets', ['M'], 'int32'),
      input('chunkRows', [1], 'int64'),
    ],
    round: (index, _, captured) => {
      const [rows, head, targets, size] = captured as [Value, Value, Value, Value]
      const cut = chunkCutter(index, size)
      const { logprob, entropy } = distribution(cut(rows), head, cut(targets))
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
