/**
 * The training graph cut into layers, for memory: only each layer's input is kept, and its activations are computed again
 * when the gradient comes back to it. It takes the feeds of training-graph.ts, gives its outputs, and the same bytes, at the
 * price of one more forward pass.
 */
import { gradients } from '../../graph/gradient.ts'
import { type Value, input } from '../../graph/value.ts'
import { type ModelConfig, parameterShapes } from '../../model/config.ts'
import { finalNorm, headName, layer } from '../../model/transformer.ts'
import { type AttentionForm, rowAttention, tableInputs } from './attention.ts'
import type { LossKind } from './loss-head.ts'
import { type Feed, type Feeds, type Session, compile } from './session.ts'
import { EMBEDDING, gradientName, lossGraph, placeInputs, weightInputs } from './training-graph.ts'

type Outputs = Readonly<Record<string, Float32Array>>

const FIRST = 'model.layers.0.'

export interface LayerwiseOptions {
  readonly kind: LossKind
  readonly form: AttentionForm
  readonly threads: number
}

export async function layerwiseSession(config: ModelConfig, { kind, form, threads }: LayerwiseOptions): Promise<Session> {
  const [forward, tail, backward] = await Promise.all([
    compile(forwardGraph(config, form), { threads }),
    compile(tailGraph(config, kind), { threads }),
    compile(backwardGraph(config, form), { threads }),
  ])
  return {
    async run(feeds) {
      const states = [embedded(feeds, config)]
      for (let index = 0; index < config.layers; index++) {
        states.push((await forward.run({ ...layerFeeds(feeds, index), x: state(states[index]!, config) }))['y'] as Float32Array)
      }
      const { stateGradient, ...outputs } = await tail.run({ ...feeds, x: state(states.pop()!, config) })
      let gradient = stateGradient as Float32Array
      const found: Record<string, Float32Array> = {}
      for (let index = config.layers - 1; index >= 0; index--) {
        const given = { ...layerFeeds(feeds, index), x: state(states.pop()!, config), g: state(gradient, config) }
        const result = await backward.run(given)
        gradient = result['stateGradient'] as Float32Array
        Object.assign(found, layerGradients(result, index))
      }
      return { ...outputs, ...found, embeddingGradient: gradient }
    },
    async dispose() {
      await Promise.all([forward.dispose(), tail.dispose(), backward.dispose()])
    },
  }
}

/** The weights of layer 0, whose names every layer's graph uses. */
function layerWeights(config: ModelConfig): string[] {
  return [...parameterShapes({ ...config, layers: 1 }).keys()].filter((name) => name.startsWith(FIRST))
}

function oneLayer(config: ModelConfig, form: AttentionForm): { x: Value; y: Value; values: ReadonlyMap<string, Value> } {
  const { weights, values } = weightInputs(config)
  const x = input('x', ['N', config.hiddenSize])
  const y = layer(x, 0, { config, weights, places: placeInputs(config), attend: rowAttention(config, tableInputs(config, form)) })
  return { x, y, values }
}

function forwardGraph(config: ModelConfig, form: AttentionForm): Record<string, Value> {
  return { y: oneLayer(config, form).y }
}

function backwardGraph(config: ModelConfig, form: AttentionForm): Record<string, Value> {
  const { x, y, values } = oneLayer(config, form)
  const names = layerWeights(config)
  const wrt = names.map((name) => values.get(name) as Value)
  const [stateGradient, ...found] = gradients([{ value: y, gradient: input('g', ['N', config.hiddenSize]) }], [x, ...wrt])
  return { stateGradient: stateGradient as Value, ...Object.fromEntries(names.map((name, i) => [gradientName(name), found[i] as Value])) }
}

function tailGraph(config: ModelConfig, kind: LossKind): Record<string, Value> {
  const { weights, values } = weightInputs(config)
  const x = input('x', ['N', config.hiddenSize])
  const norm = values.get('model.norm.weight') as Value
  const { rows, loss, outputs } = lossGraph(finalNorm(x, weights, config), weights(headName(config)), config, kind)
  const [stateGradient, normGradient] = gradients([{ value: rows, gradient: loss.hiddenGradient }], [x, norm])
  return { ...outputs, stateGradient: stateGradient as Value, [gradientName('model.norm.weight')]: normGradient as Value }
}

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
  const renamed = (name: string): [string, Feed][] => {
    const feed = feeds[name.replace(FIRST, own)]
    return feed === undefined ? [] : [[name, feed]]
  }
  const names = Object.keys(feeds).filter((name) => name.includes(FIRST))
  return { ...feeds, ...Object.fromEntries(names.flatMap(renamed)) }
}

function layerGradients(result: Outputs, index: number): Outputs {
  const entries = Object.entries(result).filter(([name]) => name.startsWith(gradientName(FIRST)))
  return Object.fromEntries(entries.map(([name, data]) => [name.replace(FIRST, `model.layers.${index}.`), data]))
}
