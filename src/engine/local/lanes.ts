/**
 * A reader of several threads, each with weights, graphs and key-value cache of its own, that divide the requests of a call. The kernels
 * of a small model are over before a second thread has woken up to help: two threads with half of the rows each do more than one
 * after the other together (LOG.md, "Lanes"). A row's bytes depend neither on the rows beside it nor on the number of threads.
 */
import type { Completion, TokenScores } from '../../types.ts'
import type { SampleRequest, Sampling, ScoreRequest } from '../engine.ts'
import type { Tensors } from './optimizer-state.ts'
import type { Reader, ReaderOptions } from './reader.ts'
import { type Thread, thread } from './thread.ts'

/** `handle` names weights. */
export type LaneCall =
  | { readonly kind: 'hold'; readonly handle: number; readonly weights: Tensors }
  | { readonly kind: 'forget'; readonly handle: number }
  | { readonly kind: 'sample'; readonly handle: number; readonly requests: readonly SampleRequest[]; readonly sampling: Sampling }
  | { readonly kind: 'score'; readonly handle: number; readonly requests: readonly ScoreRequest[] }

/** The threads behind one reader, which may have to end while they compute. */
export interface Lanes {
  open(options: ReaderOptions): Reader
  /** Abandons what they compute. */
  end(): Promise<void>
}

const LANE_BYTES = 128e6 // of weights; every lane has them twice

/** How many lanes read a model of so many bytes of weights: one where its kernels are large enough for all threads. */
export function laneCount(weightBytes: number, threads: number): number {
  return weightBytes <= LANE_BYTES ? threads : 1
}

/** `module` is lane.ts, compiled. Threads start when there is something to read. */
export function lanes(module: URL): Lanes {
  const started: Thread<LaneCall>[] = []
  const start = ({ threads, cacheBytes, ...options }: ReaderOptions): void => {
    const own: ReaderOptions = { ...options, threads: 1, cacheBytes: cacheBytes / threads }
    started.push(...Array.from({ length: threads }, () => thread<LaneCall>(module, own)))
  }
  const end = async (): Promise<void> => void (await Promise.all(started.map((lane) => lane.end())))
  return { open: (options) => laneReader(started, () => start(options), end), end }
}

function laneReader(threads: readonly Thread<LaneCall>[], start: () => void, dispose: Reader['dispose']): Reader {
  const handles = new Map<Tensors, number>()
  let next = 0
  /** The name of these weights, which every lane has been given: calls are answered in order. */
  const handleOf = async (weights: Tensors): Promise<number> => {
    if (threads.length === 0) start()
    const known = handles.get(weights)
    if (known !== undefined) return known
    const handle = next++
    handles.set(weights, handle)
    await Promise.all(threads.map((lane) => lane.ask({ kind: 'hold', handle, weights })))
    return handle
  }
  return {
    async sample(weights, requests, sampling, answered) {
      const handle = await handleOf(weights)
      const shares = portions(
        requests.map(() => 1),
        threads.length,
      )
      const found = shares.map(([from, to], i) =>
        (threads[i] as Thread<LaneCall>).ask(
          { kind: 'sample', handle, requests: requests.slice(from, to), sampling },
          (request, completions) => answered(from + request, completions),
        ),
      )
      return ((await Promise.all(found)) as Completion[][][]).flat()
    },
    async score(weights, requests) {
      const handle = await handleOf(weights)
      const shares = portions(
        requests.map(({ tokens }) => tokens.length),
        threads.length,
      )
      const found = shares.map(([from, to], i) =>
        (threads[i] as Thread<LaneCall>).ask({ kind: 'score', handle, requests: requests.slice(from, to) }),
      )
      return ((await Promise.all(found)) as TokenScores[][]).flat()
    },
    async forget(weights) {
      const handle = handles.get(weights)
      handles.delete(weights)
      if (handle !== undefined) await Promise.all(threads.map((lane) => lane.ask({ kind: 'forget', handle })))
    },
    dispose,
  }
}

/** Cuts a list into at most `parts` runs of about equal work, none empty: [from, to) of each. */
export function portions(work: readonly number[], parts: number): (readonly [from: number, to: number])[] {
  const all = work.reduce((sum, each) => sum + each, 0)
  let done = 0
  const part = work.map((each) => {
    const middle = done + each / 2
    done += each
    return all === 0 ? 0 : Math.min(parts - 1, Math.floor((parts * middle) / all))
  })
  const ends = work.flatMap((_, i) => (part[i] === part[i + 1] ? [] : [i + 1]))
  return ends.map((end, i) => [ends[i - 1] ?? 0, end])
}
