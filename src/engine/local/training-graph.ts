/** The graph of one bin of training: forward, loss and the gradient of every weight. */
import { gatherRows, reshape } from '../../graph/ops.ts'
import { gradients } from '../../graph/gradient.ts'
import { type Value, input } from '../../graph/value.ts'
import { type ModelConfig, parameterShapes } from '../../model/config.ts'
import { headName, transformer } from '../../model/transformer.ts'
import { type AttentionForm, rowAttention, tableInputs } from './attention.ts'
import { divergenceHead } from './divergence-head.ts'
import { type LossHead, type LossKind, lossHead, rowInputs } from './loss-head.ts'

export const EMBEDDING = 'model.embed_tokens.weight'

/** The name of the output that holds a weight's gradient. */
export function gradientName(weight: string): string {
  return `gradient.${weight}`
}

/**
 * Outputs: those of the loss head; embeddingGradient [N, D], which the caller scatters onto rows of the embedding's gradient as it does
 * scaledHidden [M, D] onto the head's; and `gradient.*` of every weight but an untied embedding.
 */
export function trainingGraph(config: ModelConfig, kind: LossKind, form: AttentionForm): Record<string, Value> {
  const { weights, values } = weightInputs(config)
  const embeddings = gatherRows(weights(EMBEDDING), input('ids', ['N'], 'int32'))
  const hidden = transformer(embeddings, {
    config,
    weights,
    places: placeInputs(config),
    attend: rowAttention(config, tableInputs(config, form)),
  })
  const { rows, loss, outputs } = lossGraph(hidden, weights(headName(config)), config, kind)
  const body = [...values].filter(([name]) => name !== headName(config) && name !== EMBEDDING)
  const wrt = [embeddings, ...body.map(([, value]) => value)]
  const [embeddingGradient, ...found] = gradients([{ value: rows, gradient: loss.hiddenGradient }], wrt)
  const named = Object.fromEntries(body.map(([name], index) => [gradientName(name), found[index] as Value]))
  return { ...outputs, embeddingGradient: embeddingGradient as Value, ...named }
}

/** From hidden states [N, D] to the loss: the rows that are trained, and the outputs that do not reach below them. */
export function lossGraph(
  hidden: Value,
  head: Value,
  config: ModelConfig,
  kind: LossKind,
): { rows: Value; loss: LossHead; outputs: Record<string, Value> } {
  const targetHome = input('targetHome', ['N'], 'int32') // [N] into the M rows; the last row's gradient is zero
  const rows = gatherRows(hidden, input('targetPlaces', ['M'], 'int32'), (g) => gatherRows(g, targetHome))
  const inputs = rowInputs()
  const loss =
    kind === 'policy-gradient' || kind === 'likelihood'
      ? lossHead(rows, head, { rows: inputs, kind })
      : divergenceHead(rows, head, { rows: inputs, direction: kind })
  return { rows, loss, outputs: { ...loss.outputs, [gradientName(headName(config))]: loss.headGradient } }
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
