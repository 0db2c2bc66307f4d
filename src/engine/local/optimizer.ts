/**
 * AdamW with decoupled weight decay (Loshchilov and Hutter, 2019), and the global gradient norm. Loops in double precision over the
 * arrays where they lie: the same work as a graph would have every result copied into fresh memory (LOG.md, "Fresh memory").
 */
import type { Update } from '../engine.ts'
import type { OptimizerState, Tensors } from './optimizer-state.ts'

export interface UpdateOptions {
  readonly update: Update
  readonly gradientScale: number // gradients are multiplied by it first
  readonly decays: (name: string) => boolean // which weights decay
}

/** One update of all weights and of the state, in place. */
export function adamw(weights: Tensors, gradients: Tensors, state: OptimizerState, { update, gradientScale, decays }: UpdateOptions): void {
  state.updates++
  for (const [name, weight] of weights) {
    const arrays = { weight, gradient: gradients.get(name), first: state.first.get(name), second: state.second.get(name) }
    updateWeight(arrays as WeightArrays, rates(update, state.updates, gradientScale, decays(name)))
  }
}

/** The 2-norm over all gradients, summed in double precision in the map's order. */
export function globalNorm(gradients: Tensors): number {
  let total = 0
  for (const gradient of gradients.values()) total += sumOfSquares(gradient)
  return Math.sqrt(total)
}

function sumOfSquares(x: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0] // four sums, so that one addition need not wait for the last
  const end = x.length - (x.length % 4)
  for (let i = 0; i < end; i += 4) {
    a += x[i]! * x[i]!
    b += x[i + 1]! * x[i + 1]!
    c += x[i + 2]! * x[i + 2]!
    d += x[i + 3]! * x[i + 3]!
  }
  for (let i = end; i < x.length; i++) a += x[i]! * x[i]!
  return a + b + c + d
}

interface Rates {
  readonly keep1: number
  readonly take1: number
  readonly keep2: number
  readonly take2: number
  readonly epsilon: number
  readonly step: number
  readonly decay: number
}

/** Scalars of one update: bias corrections and the gradient's scale are folded in, which saves passes over the arrays. */
function rates(update: Update, count: number, gradientScale: number, decays: boolean): Rates {
  const { beta1, beta2, learningRate } = update
  const root = Math.sqrt(1 - beta2 ** count)
  return {
    keep1: beta1,
    take1: (1 - beta1) * gradientScale,
    keep2: beta2,
    take2: (1 - beta2) * gradientScale ** 2,
    epsilon: update.epsilon * root,
    step: (learningRate * root) / (1 - beta1 ** count),
    decay: 1 - learningRate * (decays ? update.weightDecay : 0),
  }
}

interface WeightArrays {
  readonly weight: Float32Array
  readonly gradient: Float32Array
  readonly first: Float32Array
  readonly second: Float32Array
}

/** m' = beta1 m + (1 - beta1) g; v' = beta2 v + (1 - beta2) g^2; w' = decay w - step m' / (sqrt(v') + epsilon). */
function updateWeight({ weight, gradient, first, second }: WeightArrays, by: Rates): void {
  const { keep1, take1, keep2, take2, epsilon, step, decay } = by
  for (let i = 0; i < weight.length; i++) {
    const g = gradient[i]!
    const m = keep1 * first[i]! + take1 * g
    const v = keep2 * second[i]! + take2 * g * g
    first[i] = m
    second[i] = v
    weight[i] = decay * weight[i]! - (step * m) / (Math.sqrt(v) + epsilon)
  }
}
