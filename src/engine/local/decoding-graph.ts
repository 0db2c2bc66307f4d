/**
 * The graph of one decoding step: one token a row, keys and values of earlier tokens read from the cache as inputs, since the
 * runtime copies outputs but not inputs. Weights are external, so that their packed form is made once for a policy.
 *
 * Letters: b rows, K key-value heads, J query heads for each, G contexts (prompts), Q query places of a context (its rows' J
 * heads), P and S the widths of context and own cache. A context's queries are multiplied together, a row's own
 * one by one with a scale of one: the runtime has a kernel for one query row and another for more, with other last bits, so
 * each place always uses the same, and a row gets the same bytes whatever else is in the batch.
 */
import { add, batchMatmul, flatten, gatherRows, linear, logSoftmax, multiply, reshape, softmax, unsqueeze } from '../../graph/ops.ts'
import { type Value, emit, emitMany, external, input, scalar } from '../../graph/value.ts'
import { type ModelConfig, parameterShapes } from '../../model/config.ts'
import { type Attend, headName, transformer } from '../../model/transformer.ts'
import { placeInputs } from './training-graph.ts'

/** The names of a layer's inputs and outputs. */
export const cacheNames = (
  layer: number,
): { readonly [part in 'contextKeys' | 'contextValues' | 'ownKeys' | 'ownValues' | 'key' | 'value']: string } => ({
  contextKeys: `contextKeys.${layer}`, // [G, K, P, headSize]
  contextValues: `contextValues.${layer}`,
  ownKeys: `ownKeys.${layer}`, // [b, K, 1, S, headSize]
  ownValues: `ownValues.${layer}`,
  key: `key.${layer}`, // [b, K * headSize], to append
  value: `value.${layer}`,
})

/** Outputs: probabilities [b, V] at the temperature, logprobs [b, V] at temperature 1, and each layer's new key and value. */
export function decodingGraph(config: ModelConfig): Record<string, Value> {
  const shapes = parameterShapes(config)
  const known = new Map<string, Value>()
  const weights = (name: string): Value => {
    const value = known.get(name) ?? external(name, shapes.get(name) as readonly number[])
    known.set(name, value)
    return value
  }
  const created: Record<string, Value> = {}
  const attend = cachedAttention(config, created)
  const embeddings = gatherRows(weights('model.embed_tokens.weight'), input('ids', ['N'], 'int32'))
  const hidden = transformer(embeddings, { config, weights, places: placeInputs(config), attend })
  const logits = linear(hidden, weights(headName(config)))
  return { probabilities: softmax(multiply(logits, input('inverseTemperature', []))), logprobs: logSoftmax(logits), ...created }
}

/** Attention of one token a row to its context, its own past and itself; adds the new keys and values to `created`. */
function cachedAttention({ heads, kvHeads, headSize }: ModelConfig, created: Record<string, Value>): Attend {
  const J = heads / kvHeads
  const tile = input('tile', ['G', kvHeads, 'Q'], 'int32') // into queries [b * K * J]
  const home = input('home', ['N', kvHeads, J], 'int32') // into tile places [G * K * Q]
  const mask = input('mask', ['N', 1, 1, 1, 'PS1'])
  const widths = input('widths', [3], 'int64') // P, S, 1
  const scale = scalar(1 / Math.sqrt(headSize))
  let layer = 0
  const ofContexts = (name: string): Value => input(name, ['G', kvHeads, 'P', headSize])
  const ofRows = (name: string): Value => input(name, ['N', kvHeads, 1, 'S', headSize])
  /** x [b, K, J, 1, width] by rows, as [G, K, Q, width] by contexts, and back. */
  const byContext = (x: Value): Value => gatherRows(flatten(x), tile)
  const byRow = (x: Value): Value => unsqueeze(gatherRows(flatten(x), home), 3)
  return (q, k, v) => {
    const names = cacheNames(layer++)
    Object.assign(created, { [names.key]: k, [names.value]: v })
    const [query, key, value] = [
      reshape(multiply(q, scale), ['N', kvHeads, J, 1, headSize]),
      ...[k, v].map((x) => reshape(x, ['N', kvHeads, 1, 1, headSize])),
    ] as [Value, Value, Value]
    const contextScores = byRow(batchMatmul(byContext(query), ofContexts(names.contextKeys), { transposeB: true }))
    const ownScores = batchMatmul(query, ofRows(names.ownKeys), { transposeB: true })
    const newScore = batchMatmul(query, key, { transposeB: true })
    const scores = emit('Concat', [contextScores, ownScores, newScore], ['N', kvHeads, J, 1, 'PS1'], { attributes: { axis: 4 } })
    const parts = ['P', 'S', 1].map((width) => ({ type: 'float32' as const, shape: ['N', kvHeads, J, 1, width] }))
    const [contextShare, ownShare, newShare] = emitMany('Split', [softmax(add(scores, mask)), widths], parts, {
      attributes: { axis: 4 },
    }) as [Value, Value, Value]
    const fromContext = byRow(batchMatmul(byContext(contextShare), ofContexts(names.contextValues)))
    const fromOwn = batchMatmul(ownShare, ofRows(names.ownValues))
    const fromNew = multiply(newShare, value)
    return reshape(add(add(fromContext, fromOwn), fromNew), ['N', heads * headSize])
  }
}
