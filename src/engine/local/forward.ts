/** A forward pass over sequences, bin after bin, for what is read off the places before their targets. */
import { gatherRows } from '../../graph/ops.ts'
import { type Value, input } from '../../graph/value.ts'
import type { ModelConfig } from '../../model/config.ts'
import { transformer } from '../../model/transformer.ts'
import { type AttentionForm, rowAttention, tableInputs } from './attention.ts'
import { binSize } from './memory.ts'
import type { Tensors } from './optimizer-state.ts'
import { type Sequence, sequenceUnits } from './packing.ts'
import { Queue } from './queue.ts'
import { targetRows, type TargetRows } from './rows.ts'
import { compile } from './session.ts'
import { rotations, streamFeeds, weightFeeds } from './stream-feeds.ts'
import { streamSessions } from './stream-sessions.ts'
import { bins, layOut } from './stream.ts'
import { EMBEDDING, placeInputs, weightInputs } from './training-graph.ts'

/** Told of a bin: its rows, and the outputs of its graph. */
export type Seen = (rows: TargetRows, outputs: Readonly<Record<string, Float32Array>>) => void

export interface ForwardPass {
  /** Computes the bins that the queue has left. What is seen of a sequence does not depend on the others. Every sequence has a target. */
  run(weights: Tensors, sequences: readonly Sequence[], seen: Seen, queue?: Queue): Promise<void>
  dispose(): Promise<void>
}

/** `outputs` makes them of the final hidden states [M, D] of the rows, and of the weights. */
export function forwardPass(
  config: ModelConfig,
  threads: number,
  outputs: (rows: Value, weights: (name: string) => Value) => Record<string, Value>,
): ForwardPass {
  const graph = (form: AttentionForm): Record<string, Value> => {
    const { weights } = weightInputs(config)
    return outputs(hiddenRows(config, weights, form), weights)
  }
  const sessions = streamSessions((form) => compile(graph(form), { threads }))
  const rotationsOf = rotations(config)
  return {
    async run(weights, sequences, seen, queue = new Queue()) {
      for (const [, bin] of queue.taken(bins(sequenceUnits(sequences), binSize(config)))) {
        const stream = layOut(bin)
        const rows = targetRows(bin, stream, config.vocabularySize)
        const targets = new Int32Array(rows.count)
        rows.targets.forEach(({ sequence, t, row }) => (targets[row] = sequences[sequence]?.tokens[t] ?? 0))
        const session = await sessions.get(stream)
        const results = await session.run({
          ...weightFeeds(weights, config),
          ...streamFeeds(stream, config, rotationsOf(stream.lastPosition + 1)),
          targetPlaces: { data: rows.places, shape: [rows.count] },
          targets: { data: targets, shape: [rows.count] },
          chunks: { data: BigInt64Array.of(BigInt(rows.chunks)), shape: [] },
          chunkRows: { data: BigInt64Array.of(BigInt(rows.count / rows.chunks)), shape: [1] },
        })
        seen(rows, results)
      }
    },
    dispose: () => sessions.dispose(),
  }
}

function hiddenRows(config: ModelConfig, weights: (name: string) => Value, form: AttentionForm): Value {
  const embeddings = gatherRows(weights(EMBEDDING), input('ids', ['N'], 'int32'))
  const attend = rowAttention(config, tableInputs(config, form))
  const hidden = transformer(embeddings, { config, weights, places: placeInputs(config), attend })
  return gatherRows(hidden, input('targetPlaces', ['M'], 'int32'))
}
