/** AdamW with decoupled weight decay (Loshchilov and Hutter, 2019) as a small graph over pieces of the weights, and the global gradient norm. */
import { add, multiply, subtract } from '../../graph/ops.ts'
import { type Value, emit, input } from '../../graph/value.ts'
import type { Update } from '../engine.ts'
import type { OptimizerState, Tensors } from './optimizer-state.ts'
import { type Feed, type Feeds, type Session, compile } from './session.ts'

const PIECE = 1 << 18 // elements updated at once: four arrays of 1 MB stay in the cache

export interface Optimizer {
  /** One update of all weights and of the state, in place; gradients are multiplied by `gradientScale` first. */
  apply(weights: Tensors, gradients: Tensors, state: OptimizerState, update: Update, gradientScale: number): Promise<void>
  dispose(): Promise<void>
}

/** `decays` says which weights decay. */
export async function adamw(threads: number, decays: (name: string) => boolean): Promise<Optimizer> {
  const session = await compile(updateGraph(), { threads })
  return {
    async apply(weights, gradients, state, update, gradientScale) {
      state.updates++
      for (const [name, weight] of weights) {
        const arrays = [weight, gradients.get(name), state.first.get(name), state.second.get(name)] as Float32Array[]
        await updateWeight(session, arrays, rates(update, state.updates, gradientScale, decays(name)))
      }
    },
    dispose: () => session.dispose(),
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

/** m' = beta1 m + (1 - beta1) g; v' = beta2 v + (1 - beta2) g^2; w' = decay w - step m' / (sqrt(v') + epsilon). */
function updateGraph(): Record<string, Value> {
  const [w, g, m, v] = ['w', 'g', 'm', 'v'].map((name) => input(name, ['n'])) as [Value, Value, Value, Value]
  const rate = (name: string): Value => input(name, [])
  const first = add(multiply(m, rate('keep1')), multiply(g, rate('take1')))
  const second = add(multiply(v, rate('keep2')), multiply(multiply(g, g), rate('take2')))
  const root = add(emit('Sqrt', [second], second.shape), rate('epsilon'))
  const move = multiply(emit('Div', [first, root], first.shape), rate('step'))
  return { first, second, weight: subtract(multiply(w, rate('decay')), move) }
}

/** Scalars of one update: bias corrections and the gradient's scale are folded in, which saves passes over the arrays. */
function rates(update: Update, count: number, gradientScale: number, decays: boolean): Feeds {
  const { beta1, beta2, learningRate } = update
  const root = Math.sqrt(1 - beta2 ** count)
  const scalars = {
    keep1: beta1,
    take1: (1 - beta1) * gradientScale,
    keep2: beta2,
    take2: (1 - beta2) * gradientScale ** 2,
    epsilon: update.epsilon * root,
    step: (learningRate * root) / (1 - beta1 ** count),
    decay: 1 - learningRate * (decays ? update.weightDecay : 0),
  }
  return Object.fromEntries(
    Object.entries(scalars).map(([name, value]): [string, Feed] => [name, { data: new Float32Array([value]), shape: [] }]),
  )
}

async function updateWeight(session: Session, arrays: readonly Float32Array[], scalars: Feeds): Promise<void> {
  const [w, , m, v] = arrays as [Float32Array, Float32Array, Float32Array, Float32Array]
  for (let start = 0; start < w.length; start += PIECE) {
    const feed = (index: number): Feed => {
      const data = (arrays[index] as Float32Array).subarray(start, start + PIECE)
      return { data, shape: [data.length] }
    }
    const { first, second, weight } = await session.run({ w: feed(0), g: feed(1), m: feed(2), v: feed(3), ...scalars })
    w.set(weight as Float32Array, start)
    m.set(first as Float32Array, start)
    v.set(second as Float32Array, start)
  }
}
