/** A counted loop in the graph: one set of intermediate values is alive at a time, however long it runs. It has no gradient. */
import { type Shape, type Value, constant, emitMany } from './value.ts'

/** What one round makes: the carried values' next state, and values to stack over the rounds. */
export interface Round {
  readonly carried: readonly Value[]
  readonly stacked: readonly Value[]
}

export interface LoopParts {
  readonly rounds: Value // int64 scalar
  readonly carried: readonly Value[] // initial state
  readonly captured: readonly Value[] // values of the graph around the loop that a round reads
  readonly round: (index: Value, carried: readonly Value[], captured: readonly Value[]) => Round
}

/** Runs `round` for index 0, 1, ... and returns the last state and the stacks, each [rounds, ...shape of the value]. */
export function loop({ rounds, carried, captured, round }: LoopParts): Round {
  const formal = (type: Value['type'], shape: Shape, name: string): Value => ({ type, shape, origin: { kind: 'input', name } })
  const index = formal('int64', [], 'round')
  const going = formal('bool', [], 'going')
  const states = carried.map((value, i) => formal(value.type, value.shape, `state${i}`))
  const inner = captured.map((value): Value => ({ type: value.type, shape: value.shape, origin: { kind: 'captured', outer: value } }))
  const result = round(index, states, inner)
  const stacks = result.stacked.map(({ type, shape }) => ({ type, shape: ['rounds', ...shape] }))
  const outputs = emitMany('Loop', [rounds, constant(new Uint8Array([1]), []), ...carried], [...carried, ...stacks], {
    attributes: { body: { graph: { inputs: [index, going, ...states], outputs: [going, ...result.carried, ...result.stacked] } } },
  })
  return { carried: outputs.slice(0, carried.length), stacked: outputs.slice(carried.length) }
}
