/** A lane in a thread of its own (lane-thread.ts), which keeps a copy of the weights that it computes with. */
import type { Completion, TokenScores } from '../../types.ts'
import type { SampleRequest, Sampling, ScoreRequest } from '../engine.ts'
import type { BinFigures, Lesson } from './gradient.ts'
import type { GradientSums } from './gradient-sums.ts'
import type { Lane } from './lane.ts'
import type { Tensors } from './optimizer-state.ts'
import type { Thread } from './thread.ts'

/** `handle` names weights; memory is shared. */
export type LaneCall =
  | { readonly kind: 'hold'; readonly handle: number; readonly weights: Tensors }
  | { readonly kind: 'forget'; readonly handle: number }
  | { readonly kind: 'sample'; readonly handle: number; readonly requests: readonly SampleRequest[]; readonly sampling: Sampling }
  | { readonly kind: 'score'; readonly handle: number; readonly requests: readonly ScoreRequest[]; readonly queue: SharedArrayBuffer }
  | {
      readonly kind: 'gradient'
      readonly handle: number
      readonly lesson: Lesson
      readonly teacher: number // handle
      readonly sums: GradientSums // in shared memory
      readonly queue: SharedArrayBuffer
    }

export function remoteLane(thread: Thread<LaneCall>): Lane {
  const ask: Thread<LaneCall>['ask'] = (call, answered) => thread.ask(call, answered)
  const handles = new Map<Tensors, number>()
  let next = 0
  /** The name of these weights, which the thread has been given. */
  const handleOf = async (weights: Tensors): Promise<number> => {
    const known = handles.get(weights)
    if (known !== undefined) return known
    const handle = next++
    handles.set(weights, handle)
    await ask({ kind: 'hold', handle, weights })
    return handle
  }
  return {
    async sample(weights, requests, sampling, answered) {
      return (await ask({ kind: 'sample', handle: await handleOf(weights), requests, sampling }, answered)) as Completion[][]
    },
    async score(weights, requests, { memory }) {
      const call = { kind: 'score', handle: await handleOf(weights), requests, queue: memory } as const
      return (await ask(call)) as (TokenScores | undefined)[]
    },
    async gradient(weights, lesson, teacher, { sums, queue: { memory } }) {
      const named = { handle: await handleOf(weights), teacher: await handleOf(teacher) }
      return (await ask({ kind: 'gradient', ...named, lesson, sums, queue: memory })) as BinFigures[]
    },
    async forget(weights) {
      const handle = handles.get(weights)
      handles.delete(weights)
      if (handle !== undefined) await ask({ kind: 'forget', handle })
    },
    dispose: () => thread.end(),
  }
}
