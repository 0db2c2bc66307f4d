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

/** What one update does to one weight. Updates of weights are independent: any thread may do any. */
export interface WeightUpdate {
  readonly name: string
  readonly weight: Float32Array
  readonly gradient: Float32Array
  readonly first: Float32Array
  readonly second: Float32Array
  readonly rates: Rates
}

/** One update of all weights, which is counted in the state and still to be applied. */
export function weightUpdates(
  weights: Tensors,
  gradients: Tensors,
  state: OptimizerState,
  { update, gradientScale, decays }: UpdateOptions,
): WeightUpdate[] {
  state.updates++
  const of = (tensors: Tensors, name: string): Float32Array => tensors.get(name) as Float32Array
  return [...weights].map(([name, weight]) => ({
    name,
    weight,
    gradient: of(gradients, name),
    first: of(state.first, name),
    second: of(state.second, name),
    rates: rates(update, state.updates, gradientScale, decays(name)),
  }))
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

/** Scalars of one update. */
interface Rates {
  readonly keep1: number
  readonly take1: number
  readonly keep2: number
  readonly take2: number
  readonly epsilon: number
  readonly step: number
  readonly decay: number
}

/** Bias corrections and the gradient's scale are folded in, which saves passes over the arrays. */
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

/** In place: m' = beta1 m + (1 - beta1) g; v' = beta2 v + (1 - beta2) g^2; w' = decay w - step m' / (sqrt(v') + epsilon). */
export function applyUpdate({ weight, gradient, first, second, rates: by }: WeightUpdate): void {
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
