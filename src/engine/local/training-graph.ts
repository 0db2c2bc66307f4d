/** The graphs of one bin of training. Of states [N, D] between layers, `x` is what enters, and `stateGradient` the gradient of that. */
import { gatherRows, reshape } from '../../graph/ops.ts'
import { type Cotangent, gradients } from '../../graph/gradient.ts'
import { type Value, input } from '../../graph/value.ts'
import { type ModelConfig, parameterShapes } from '../../model/config.ts'
import { headName, layer, type LayerParts, transformer } from '../../model/transformer.ts'
import { type AttentionForm, rowAttention, tableInputs } from './attention.ts'
import { divergenceHead } from './divergence-head.ts'
import { type LossKind, lossHead, rowInputs } from './loss-head.ts'

export const EMBEDDING = 'model.embed_tokens.weight'

/** The name of the output that holds a weight's gradient. */
export function gradientName(weight: string): string {
  return `gradient.${weight}`
}

export interface GraphForm {
  readonly kind: LossKind
  readonly form: AttentionForm
  readonly first: number // layer
}

/**
 * From the layers `first` and above to the loss and back. Outputs: those of the loss head, of which the caller scatters scaledHidden [M, D] onto rows
 * of the head's gradient; stateGradient; and `gradient.*` of these layers' weights, of the last norm's, and of the head.
 */
export function lossGraph(config: ModelConfig, { kind, form, first }: GraphForm): Record<string, Value> {
  const { weights, values } = weightInputs(config)
  const x = states(config)
  const hidden = transformer(x, partsOf(config, form, weights), first)
  const targetHome = input('targetHome', ['N'], 'int32') // [N] into the M rows; the last row's gradient is zero
  const rows = gatherRows(hidden, input('targetPlaces', ['M'], 'int32'), (g) => gatherRows(g, targetHome))
  const head = weights(headName(config))
  const inputs = rowInputs()
  const loss =
    kind === 'policy-gradient' || kind === 'likelihood'
      ? lossHead(rows, head, { rows: inputs, kind })
      : divergenceHead(rows, head, { rows: inputs, direction: kind })
  const names = [...values.keys()].filter((name) => layerOf(name) >= first || name === 'model.norm.weight')
  const below = backward(
    { value: rows, gradient: loss.hiddenGradient },
    x,
    names.map((name) => [name, weights(name)]),
  )
  return { ...loss.outputs, [gradientName(headName(config))]: loss.headGradient, ...below }
}

/** One layer, by the names of layer 0: `y` is what leaves it. */
export function layerGraph(config: ModelConfig, form: AttentionForm): Record<string, Value> {
  return { y: oneLayer(config, form).y }
}

/** The same computed again, and back from `g`, the gradient of `y`: stateGradient, and `gradient.*` of its weights. */
export function layerGradientGraph(config: ModelConfig, form: AttentionForm): Record<string, Value> {
  const { x, y, values } = oneLayer(config, form)
  const own = [...values].filter(([name]) => layerOf(name) === 0)
  return backward({ value: y, gradient: input('g', ['N', config.hiddenSize]) }, x, own)
}

function oneLayer(config: ModelConfig, form: AttentionForm): { x: Value; y: Value; values: ReadonlyMap<string, Value> } {
  const { weights, values } = weightInputs(config)
  const x = states(config)
  return { x, y: layer(x, 0, partsOf(config, form, weights)), values }
}

function backward(from: Cotangent, x: Value, weights: readonly (readonly [string, Value])[]): Record<string, Value> {
  const [stateGradient, ...found] = gradients([from], [x, ...weights.map(([, value]) => value)]) as [Value, ...Value[]]
  return { stateGradient, ...Object.fromEntries(weights.map(([name], i) => [gradientName(name), found[i] as Value])) }
}

function states({ hiddenSize }: ModelConfig): Value {
  return input('x', ['N', hiddenSize])
}

function partsOf(config: ModelConfig, form: AttentionForm, weights: (name: string) => Value): LayerParts {
  return { config, weights, places: placeInputs(config), attend: rowAttention(config, tableInputs(config, form)) }
}

/** The layer that a weight belongs to; -1 where it is none's. */
function layerOf(name: string): number {
  return Number(/^model\.layers\.(\d+)\./.exec(name)?.[1] ?? -1)
}

/** Weights that are given at run time: they change from step to step. */
export function weightInputs(config: ModelConfig): { weights: (name: string) => Value; values: ReadonlyMap<string, Value> } {
  const values = new Map([...parameterShapes(config)].map(([name, shape]) => [name, input(name, shape)]))
  return { values, weights: (name) => required(values, name) }
}

/** Positions of the stream's tokens, and rotation tables [positions, headSize / 2]. */
export function placeInputs({ headSize }: ModelConfig): { positions: Value; tables: { cos: Value; sin: Value; back: Value } } {
  const table = (name: string): Value => input(name, ['positions', headSize / 2])
  return {
    positions: reshape(input('positions', ['N'], 'int64'), ['N', 1]),
    tables: { cos: table('cos'), sin: table('sin'), back: table('back') },
  }
}

function required(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name)
  if (value === undefined) throw new Error(`internal: no weight ${name}`)
  return value
}
