/**
 * All the lanes of an engine, which divide the work of a call. The kernels of a small model are over before a second thread has woken up to
 * help: two threads that each compute with half of the rows do more than one after the other together (LOG.md, "Lanes"). A large model
 * has one lane, of all threads. No result depends on how many there are.
 */
import type { ModelConfig } from '../../model/config.ts'
import type { Completion, TokenScores } from '../../types.ts'
import type { Answered, SampleRequest, Sampling, ScoreRequest } from '../engine.ts'
import type { Figures } from '../step-figures.ts'
import type { Lesson } from './gradient.ts'
import { type GradientSums, inOrder } from './gradient-sums.ts'
import { lane, type Lane, type LaneOptions } from './lane.ts'
import { isSmall } from './memory.ts'
import type { OwnTensors, Tensors } from './optimizer-state.ts'
import { Queue } from './queue.ts'
import { type LaneCall, remoteLane } from './remote-lane.ts'
import { unscored } from './scoring.ts'
import { copyInto, sharedTensors } from './shared-tensors.ts'
import { type Thread, thread } from './thread.ts'

export interface Lanes {
  /** These weights where the lanes get at them fastest: copied into memory that threads share where each lane has a thread of its own. */
  placed(weights: Tensors): OwnTensors
  sample(weights: Tensors, requests: readonly SampleRequest[], sampling: Sampling, answered: Answered): Promise<Completion[][]>
  score(weights: Tensors, requests: readonly ScoreRequest[]): Promise<TokenScores[]>
  /** The gradient, until the next call, and the figures of each bin. `teacher`: the weights that a divergence names. */
  gradient(weights: Tensors, lesson: Lesson, teacher: Tensors): Promise<{ gradient: Tensors; figures: Figures[] }>
  /** Frees what was made for these weights: they change, or nobody reads them any more. */
  forget(weights: Tensors): Promise<void>
  dispose(): Promise<void>
}

/** One where the model's kernels are large enough for all threads. */
export function laneCount(config: ModelConfig, threads: number): number {
  return isSmall(config) ? threads : 1
}

/** Threads for lanes, which may have to end while they compute. */
export interface LaneThreads {
  open(options: LaneOptions): Lane
  /** Abandons what they compute. */
  end(): Promise<void>
}

/** `module` is lane-thread.ts, compiled. */
export function laneThreads(module: URL): LaneThreads {
  const started: Thread<LaneCall>[] = []
  return {
    open(options) {
      const opened = thread<LaneCall>(module, options)
      started.push(opened)
      return remoteLane(opened)
    },
    end: async () => void (await Promise.all(started.map((each) => each.end()))),
  }
}

/** `count` lanes that share threads and memory: in threads of their own where there are several. */
export function openLanes(options: LaneOptions, count: number, threads: LaneThreads | undefined): Lanes {
  if (threads === undefined || count === 1) return lanesOf([lane(options)], options.config)
  const { cacheBytes, activationBytes } = options
  const share = { ...options, threads: 1, cacheBytes: cacheBytes / count, activationBytes: activationBytes / count }
  const { config } = options
  const lanes = lanesOf(
    Array.from({ length: count }, () => threads.open(share)),
    config,
  )
  return {
    ...lanes,
    placed(weights) {
      const copy = sharedTensors(config)
      copyInto(copy, weights)
      return copy
    },
  }
}

export function lanesOf(all: readonly Lane[], config: ModelConfig): Lanes {
  let memory: GradientSums | undefined // as large as the weights, so made when first needed
  return {
    placed: (weights) => new Map(weights),
    async sample(weights, requests, sampling, answered) {
      const answers = portions(requests.length, all.length).map(([from, to], i) =>
        (all[i] as Lane).sample(weights, requests.slice(from, to), sampling, (request, completions) =>
          answered(from + request, completions),
        ),
      )
      return (await Promise.all(answers)).flat()
    },
    async score(weights, requests) {
      const parts = await shared(all, (each, queue) => each.score(weights, requests, queue))
      return requests.map(({ tokens }, i) => parts.find((scores) => scores[i] !== undefined)?.[i] ?? unscored(tokens))
    },
    async gradient(weights, lesson, teacher) {
      const sums = all.length === 1 ? new Map<string, Float32Array>() : (memory ??= sharedTensors(config))
      const parts = await shared(all, (each, queue) => each.gradient(weights, lesson, teacher, { sums, queue }))
      const figures = parts.flat().toSorted((a, b) => a.bin - b.bin)
      return { gradient: inOrder(sums, config), figures: figures.map((each) => each.figures) }
    },
    forget: async (weights) => void (await Promise.all(all.map((each) => each.forget(weights)))),
    dispose: async () => void (await Promise.all(all.map((each) => each.dispose()))),
  }
}

/** What each lane does of a call; when one fails, after the others have stopped. */
async function shared<T>(all: readonly Lane[], work: (each: Lane, queue: Queue) => Promise<T>): Promise<T[]> {
  const queue = new Queue()
  const outcomes = await Promise.allSettled(
    all.map((each) =>
      work(each, queue).catch((error: unknown) => {
        queue.break()
        throw error
      }),
    ),
  )
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  })
}

/** Cuts so many requests into at most `parts` runs of about equal length, none empty: [from, to) of each. */
export function portions(requests: number, parts: number): (readonly [from: number, to: number])[] {
  const runs = Math.min(requests, parts)
  const cut = (run: number): number => Math.floor((run * requests) / runs)
  return Array.from({ length: runs }, (_, run) => [cut(run), cut(run + 1)])
}
