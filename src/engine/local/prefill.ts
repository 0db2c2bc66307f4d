/** Keys and values of prompts: a forward pass over a stream that stops at the last layer's keys and values. */
import { gatherRows } from '../../graph/ops.ts'
import { type Value, input } from '../../graph/value.ts'
import type { ModelConfig } from '../../model/config.ts'
import { type Attend, transformer } from '../../model/transformer.ts'
import { type AttentionForm, rowAttention, tableInputs } from './attention.ts'
import { binSize } from './memory.ts'
import type { Tensors } from './optimizer-state.ts'
import { compile } from './session.ts'
import { streamSessions } from './stream-sessions.ts'
import { rotations, streamFeeds, weightFeeds } from './stream-feeds.ts'
import { type Unit, bins, layOut } from './stream.ts'
import { placeInputs, weightInputs } from './training-graph.ts'

/** One prompt's keys and values of every layer: [layers][tokens, K * headSize] each. */
export interface PromptCache {
  readonly keys: readonly Float32Array[]
  readonly values: readonly Float32Array[]
  readonly tokens: number
}

export interface Prefill {
  run(weights: Tensors, prompts: readonly Int32Array[]): Promise<PromptCache[]>
  dispose(): Promise<void>
}

export function prefill(config: ModelConfig, threads: number): Prefill {
  const sessions = streamSessions((form) => compile(prefillGraph(config, form), { threads }))
  const rotationsOf = rotations(config)
  const width = config.kvHeads * config.headSize
  return {
    async run(weights, prompts) {
      const caches: PromptCache[] = []
      const units = prompts
        .filter(({ length }) => length > 0)
        .map((tokens): Unit => ({ segments: [{ tokens, position: 0, context: -1 }], size: tokens.length }))
      for (const bin of bins(units, binSize(config))) {
        const stream = layOut(bin)
        const session = await sessions.get(stream)
        const outputs = await session.run({
          ...weightFeeds(weights, config),
          ...streamFeeds(stream, config, rotationsOf(stream.lastPosition + 1)),
        })
        const cut = (name: string, start: number, tokens: number): Float32Array =>
          (outputs[name] as Float32Array).slice(start * width, (start + tokens) * width)
        for (const { start, length } of stream.rows) {
          const part = (kind: string): Float32Array[] =>
            Array.from({ length: config.layers }, (_, layer) => cut(`${kind}.${layer}`, start, length))
          caches.push({ keys: part('keys'), values: part('values'), tokens: length })
        }
      }
      const none = Array.from({ length: config.layers }, () => new Float32Array(0))
      return prompts.map(({ length }) => (length > 0 ? (caches.shift() as PromptCache) : { keys: none, values: none, tokens: 0 }))
    },
    dispose: () => sessions.dispose(),
  }
}

function prefillGraph(config: ModelConfig, form: AttentionForm): Record<string, Value> {
  const outputs: Record<string, Value> = {}
  const { weights } = weightInputs(config)
  const attendRows = rowAttention(config, tableInputs(config, form))
  let layer = 0
  const attend: Attend = (q, k, v) => {
    Object.assign(outputs, { [`keys.${layer}`]: k, [`values.${layer}`]: v })
    layer++
    return attendRows(q, k, v)
  }
  const embeddings = gatherRows(weights('model.embed_tokens.weight'), input('ids', ['N'], 'int32'))
  transformer(embeddings, { config, weights, places: placeInputs(config), attend })
  return outputs
}
