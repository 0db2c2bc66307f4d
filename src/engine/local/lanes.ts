/**
 * A reader that samples in several threads, each with weights, graphs and key-value cache of its own, that divide the requests of a call.
 * The kernels of a small model are over before a second thread has woken up to help: two threads with half of the rows each do more
 * than one after the other together (LOG.md, "Lanes"). A row's bytes depend neither on the rows beside it nor on the number of threads.
 * Scores are made in the thread that asks, in the micro-batches that they always have.
 */
import type { Completion } from '../../types.ts'
import type { SampleRequest, Sampling } from '../engine.ts'
import type { Tensors } from './optimizer-state.ts'
import type { Reader, ReaderOptions } from './reader.ts'
import { scoring } from './scoring.ts'
import { type Thread, thread } from './thread.ts'

/** `handle` names weights. */
export type LaneCall =
  | { readonly kind: 'hold'; readonly handle: number; readonly weights: Tensors }
  | { readonly kind: 'forget'; readonly handle: number }
  | { readonly kind: 'sample'; readonly handle: number; readonly requests: readonly SampleRequest[]; readonly sampling: Sampling }

/** The threads behind one reader, which may have to end while they compute. */
export interface Lanes {
  open(options: ReaderOptions): Reader
  /** Abandons what they compute. */
  end(): Promise<void>
}

const LANE_BYTES = 0 // of weights: no model, since a sampled token can still depend on how requests are divided (LOG.md, "Lanes are off")

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
  const open: Lanes['open'] = (options) => {
    const scores = scoring(options.config, options)
    const dispose = async (): Promise<void> => {
      await end()
      await scores.dispose()
    }
    const score: Reader['score'] = (weights, requests) => scores.score(weights, requests)
    return laneReader(started, () => start(options), { score, dispose })
  }
  return { open, end }
}

function laneReader(
  threads: readonly Thread<LaneCall>[],
  start: () => void,
  { score, dispose }: Pick<Reader, 'score' | 'dispose'>,
): Reader {
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
      const shares = portions(requests.length, threads.length)
      const found = shares.map(([from, to], i) =>
        (threads[i] as Thread<LaneCall>).ask(
          { kind: 'sample', handle, requests: requests.slice(from, to), sampling },
          (request, completions) => answered(from + request, completions),
        ),
      )
      return ((await Promise.all(found)) as Completion[][][]).flat()
    },
    score,
    async forget(weights) {
      const handle = handles.get(weights)
      handles.delete(weights)
      if (handle !== undefined) await Promise.all(threads.map((lane) => lane.ask({ kind: 'forget', handle })))
    },
    dispose,
  }
}

/** Cuts so many requests into at most `parts` runs of about equal length, none empty: [from, to) of each. */
export function portions(requests: number, parts: number): (readonly [from: number, to: number])[] {
  const runs = Math.min(requests, parts)
  const cut = (run: number): number => Math.floor((run * requests) / runs)
  return Array.from({ length: runs }, (_, run) => [cut(run), cut(run + 1)])
}
