/**
 * A bin's way through the model and back, with a cut for memory. The layers above it are one graph with the loss and keep all of their activations;
 * of each layer below only what enters it is kept, and its activations are computed again when the gradient comes back to it, at the price
 * of one more forward pass. The bytes are the same wherever the cut is.
 */
import type { ModelConfig } from '../../model/config.ts'
import type { Feed, Feeds, Session } from './session.ts'
import { EMBEDDING, gradientName } from './training-graph.ts'

type Outputs = Readonly<Record<string, Float32Array>>

/** The graphs of training-graph.ts: one layer, one layer again and back, and all above the cut with the loss. */
export type PassPart = 'layer' | 'layerGradient' | 'loss'

export interface PassSessions {
  readonly cut: number // how many layers are below it
  readonly session: (part: PassPart) => Promise<Session> // compiled when first needed
}

/**
 * Outputs by part: the figures of the loss head with the gradients of what is above the cut, then the gradients of each layer below it, then what scatters
 * onto rows: embeddingGradient [N, D] onto the embedding's gradient, scaledHidden [M, D], where the loss has one, onto the head's.
 */
export async function* trainingPass(feeds: Feeds, config: ModelConfig, { cut, session }: PassSessions): AsyncGenerator<Outputs> {
  const states = [embedded(feeds, config)]
  for (let index = 0; index < cut; index++) {
    const layer = await session('layer')
    const { y } = await layer.run({ ...layerFeeds(feeds, index), x: state(states[index]!, config) })
    states.push(y as Float32Array)
  }
  const loss = await session('loss')
  const { stateGradient, scaledHidden, ...outputs } = await loss.run({ ...feeds, x: state(states.pop()!, config) })
  let gradient = stateGradient as Float32Array
  yield outputs
  for (let index = cut - 1; index >= 0; index--) {
    const layerGradient = await session('layerGradient')
    const given = { ...layerFeeds(feeds, index), x: state(states.pop()!, config), g: state(gradient, config) }
    const { stateGradient: below, ...found } = await layerGradient.run(given)
    gradient = below as Float32Array
    yield renamed(found, index)
  }
  yield { embeddingGradient: gradient, ...(scaledHidden && { scaledHidden }) }
}

const FIRST = 'model.layers.0.'

/** The stream's embeddings, [N, D]. */
function embedded(feeds: Feeds, { hiddenSize }: ModelConfig): Float32Array {
  const ids = feeds['ids']?.data as Int32Array
  const table = feeds[EMBEDDING]?.data as Float32Array
  const x = new Float32Array(ids.length * hiddenSize)
  ids.forEach((id, n) => x.set(table.subarray(id * hiddenSize, (id + 1) * hiddenSize), n * hiddenSize))
  return x
}

function state(data: Float32Array, { hiddenSize }: ModelConfig): Feed {
  return { data, shape: [data.length / hiddenSize, hiddenSize] }
}

/** The feeds with what belongs to one layer under the names of layer 0. */
function layerFeeds(feeds: Feeds, index: number): Feeds {
  const own = `model.layers.${index}.`
  const entries = Object.keys(feeds).filter((name) => name.startsWith(own))
  return { ...feeds, ...Object.fromEntries(entries.map((name) => [name.replace(own, FIRST), feeds[name] as Feed])) }
}

/** Gradients of layer 0 under the names of another layer. */
function renamed(found: Outputs, index: number): Outputs {
  const first = gradientName(FIRST)
  return Object.fromEntries(
    Object.entries(found).map(([name, data]) => [name.replace(first, gradientName(`model.layers.${index}.`)), data]),
  )
}
