/** What every graph over a stream is fed: weights, tokens, positions, rotation and attention tables. */
import { type ModelConfig, parameterShapes } from '../../model/config.ts'
import { attentionTables } from './attention-tables.ts'
import { tableFeeds } from './attention.ts'
import type { Tensors } from './optimizer-state.ts'
import { type Rotation, rotation } from './rotation.ts'
import type { Feeds } from './session.ts'
import type { Stream } from './stream.ts'

/** All weights as the inputs of a graph. */
export function weightFeeds(weights: Tensors, config: ModelConfig): Feeds {
  return Object.fromEntries([...parameterShapes(config)].map(([name, shape]) => [name, { data: weights.get(name) as Float32Array, shape }]))
}

export function streamFeeds(stream: Stream, config: ModelConfig, rotationTables: Rotation): Feeds {
  const tables = attentionTables(stream, config.kvHeads, config.heads)
  return {
    ids: { data: stream.ids, shape: [stream.tokens] },
    positions: { data: stream.positions, shape: [stream.tokens] },
    ...rotationFeeds(rotationTables, config),
    ...tableFeeds(tables, config, stream.rows.length),
  }
}

export function rotationFeeds({ cos, sin, back }: Rotation, { headSize }: ModelConfig): Feeds {
  const shape = [(cos.length * 2) / headSize, headSize / 2]
  return { cos: { data: cos, shape }, sin: { data: sin, shape }, back: { data: back, shape } }
}

/** Rotation tables that grow, in powers of two, with the positions asked for. */
export function rotations(config: ModelConfig): (positions: number) => Rotation {
  let tables = rotation(config, 256)
  return (positions) => {
    let size = (tables.cos.length * 2) / config.headSize
    while (size < positions) size *= 2
    if (size * config.headSize > tables.cos.length * 2) tables = rotation(config, size)
    return tables
  }
}
