/**
 * From hidden states to the loss of the tokens that came, and back: forward and gradient of the vocabulary together, a chunk of rows at a time,
 * so that the logits of all rows never exist at once. M rows, each a place whose next token is trained.
 */
import type { Direction, Divergence, Objective } from '../engine.ts'
import { loop } from '../../graph/loop.ts'
import { batchMatmul, exp, linear, logSoftmax, matmul, multiply, negate, product, reshape, subtract, transpose } from '../../graph/ops.ts'
import { type Value, emit, emitMany, input, int64s, scalar } from '../../graph/value.ts'

/** Per row: the token that came, its advantage, its log-probability when it was sampled. */
export interface RowInputs {
  readonly targets: Value // [M] int32
  readonly advantages: Value // [M], 0 on padding
  readonly oldLogprobs: Value // [M]
  readonly clip: Value // [2]: 1 - clipLow, 1 + clipHigh
  readonly chunks: Value // int64 scalar, divides M
  readonly chunkRows: Value // [1] int64, M / chunks
}

/** What tells graphs of losses apart. */
export type LossKind = Exclude<Objective['kind'], Divergence['kind']> | Direction

export function lossKind(objective: Objective): LossKind {
  return objective.kind === 'divergence' ? objective.direction : objective.kind
}

type TokenLossKind = Exclude<LossKind, Direction>

export interface LossHead {
  readonly hiddenGradient: Value // [M, D] of the loss
  readonly headGradient: Value // [V, D]: all of it but the scatter of scaledHidden
  /**
   * By row, [chunks, rows]: logprobs, entropies; of a divergence also divergences and cappedDivergences, of the others
   * scaledHidden [M, D], -credit * hidden: what scatters onto the target's row of the head's gradient.
   */
  readonly outputs: Readonly<Record<string, Value>>
}

export function rowInputs(): RowInputs {
  return {
    targets: input('targets', ['M'], 'int32'),
    advantages: input('advantages', ['M']),
    oldLogprobs: input('oldLogprobs', ['M']),
    clip: input('clip', [2]),
    chunks: input('chunks', [], 'int64'),
    chunkRows: input('chunkRows', [1], 'int64'),
  }
}

/** hidden [M, D], head [V, D]. */
export function lossHead(hidden: Value, head: Value, { rows, kind }: { rows: RowInputs; kind: TokenLossKind }): LossHead {
  const { carried, stacked } = loop({
    rounds: rows.chunks,
    carried: [headSum.empty(head)],
    captured: [hidden, head, rows.targets, rows.advantages, rows.oldLogprobs, rows.clip, rows.chunkRows],
    round: (index, [sum], [h, w, targets, advantages, oldLogprobs, clip, size]) => {
      const [state, weight] = [sum, w] as [Value, Value]
      const cut = chunkCutter(index, size as Value)
      const [x, target, advantage, old] = [h, targets, advantages, oldLogprobs].map((value) => cut(value as Value)) as [
        Value,
        Value,
        Value,
        Value,
      ]
      const { logprob, entropy, probabilities } = distribution(x, weight, target)
      const column = reshape(credit(kind, { logprob, old, advantage, clip: clip as Value }), ['m', 1])
      const scaled = multiply(x, column)
      const expected = matmul(probabilities, weight)
      const chosen = emit('Gather', [weight, target], x.shape, { attributes: { axis: 0 } })
      return {
        carried: [headSum.add(state, probabilities, scaled)],
        stacked: [logprob, entropy, multiply(subtract(expected, chosen), column), negate(scaled)],
      }
    },
  })
  const [logprobs, entropies, hiddenGradient, scaledHidden] = stacked as [Value, Value, Value, Value]
  const width = hidden.shape[1] as number
  return {
    outputs: { logprobs, entropies, scaledHidden: reshape(scaledHidden, ['M', width]) },
    hiddenGradient: reshape(hiddenGradient, ['M', width]),
    headGradient: headSum.gradient(carried[0] as Value),
  }
}

/** Log-probability [m] of each row's target and entropy [m], in nats, and all log-probabilities and probabilities [m, V]. */
export function distribution(x: Value, head: Value, targets: Value): Record<'logprob' | 'entropy' | 'logs' | 'probabilities', Value> {
  const logs = logSoftmax(linear(x, head))
  const probabilities = exp(logs)
  const picked = emit('GatherElements', [logs, reshape(targets, ['m', 1])], ['m', 1], { attributes: { axis: 1 } })
  // A product and not a sum over the elements' products: a kernel sums a row by where it lies in memory, which depends on the rows before it.
  const byRow = (each: Value): Value => reshape(each, ['m', 1, each.shape[1] as number])
  const entropy = reshape(negate(batchMatmul(byRow(probabilities), byRow(logs), { transposeB: true })), ['m'])
  return { logprob: reshape(picked, ['m']), entropy, logs, probabilities }
}

/**
 * The gradient of a head [V, D], summed over chunks of m rows. It lies the other way round until it is whole, [D, V]: the kernel turns around the
 * narrow matrix then, in half the time, for the same bytes.
 */
export const headSum = {
  empty({ shape }: Value): Value {
    const turned = shape.toReversed()
    return emit('Expand', [scalar(0), int64s(turned.map(Number))], turned)
  },
  /** logits: the gradient of each logit [m, V], or that over a factor of its row; rows [m, D], times the factor. */
  add: (sum: Value, logits: Value, rows: Value): Value => product(rows, logits, sum),
  gradient: (sum: Value): Value => transpose(sum, [1, 0]),
} as const

/** Rows [index * size, (index + 1) * size) of a value. */
export function chunkCutter(index: Value, size: Value): (value: Value) => Value {
  const start = emitMany('Mul', [index, size], [{ type: 'int64', shape: [1] }])[0] as Value
  const end = emitMany('Add', [start, size], [{ type: 'int64', shape: [1] }])[0] as Value
  return (value) =>
    emitMany('Slice', [value, start, end, int64s([0])], [{ type: value.type, shape: ['m', ...value.shape.slice(1)] }])[0] as Value
}

/** Minus the loss's derivative by the log-probability, [m]: ratio * advantage where the clip lets it through. */
function credit(
  kind: TokenLossKind,
  { logprob, old, advantage, clip }: { logprob: Value; old: Value; advantage: Value; clip: Value },
): Value {
  if (kind === 'likelihood') return advantage
  const ratio = exp(subtract(logprob, old))
  const bound = (at: number): Value => emit('Gather', [clip, int64s([at], [])], [])
  const clipped = multiply(emit('Min', [emit('Max', [ratio, bound(0)], ['m']), bound(1)], ['m']), advantage)
  const surrogate = multiply(ratio, advantage)
  const open = emitMany('LessOrEqual', [surrogate, clipped], [{ type: 'bool', shape: ['m'] }])[0] as Value
  return emit('Where', [open, surrogate, scalar(0)], ['m'])
}
