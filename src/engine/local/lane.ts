/** What computes with weights in one thread: samples from them, scores under them, adds up gradients at them. Graphs are compiled when first needed. */
import type { ModelConfig } from '../../model/config.ts'
import { loadDecoder } from '../../text/load-tokenizer.ts'
import type { Completion, TokenScores } from '../../types.ts'
import type { Answered, SampleRequest, Sampling, ScoreRequest } from '../engine.ts'
import { decode } from './decoding.ts'
import { decodingGraph } from './decoding-graph.ts'
import { type BinFigures, gradientsOf, type Lesson } from './gradient.ts'
import type { GradientSums } from './gradient-sums.ts'
import type { Tensors } from './optimizer-state.ts'
import { prefill } from './prefill.ts'
import type { Queue } from './queue.ts'
import { scoring } from './scoring.ts'
import { compile, type Session } from './session.ts'
import { stopFinder } from './stop-strings.ts'

/** Several lanes share a call of `score` or `gradient` through its queue. */
export interface Lane {
  /** At least one request, each checked, and at least one answer to each. */
  sample(weights: Tensors, requests: readonly SampleRequest[], sampling: Sampling, answered: Answered): Promise<Completion[][]>
  /** Of the requests that the queue has left; undefined for the others. */
  score(weights: Tensors, requests: readonly ScoreRequest[], queue: Queue): Promise<(TokenScores | undefined)[]>
  /** Adds the bins that the queue has left to `sums` (gradient-sums.ts). `teacher`: the weights that a divergence names. */
  gradient(weights: Tensors, lesson: Lesson, teacher: Tensors, to: { sums: GradientSums; queue: Queue }): Promise<BinFigures[]>
  /** Frees what was made for these weights: they change, or nobody reads them any more. */
  forget(weights: Tensors): Promise<void>
  dispose(): Promise<void>
}

export interface LaneOptions {
  readonly model: string // the folder; stop strings need its tokenizer
  readonly config: ModelConfig
  readonly threads: number // within a kernel
  readonly cacheBytes: number // of keys, values and logits, about: bounds the rows that decode together
  readonly activationBytes: number // of a bin; layers whose activations would exceed it compute them twice
}

/** A lane in the calling thread. */
export function lane({ model, config, threads, cacheBytes, activationBytes }: LaneOptions): Lane {
  const [scores, prompts] = [scoring(config, threads), prefill(config, threads)]
  const gradients = gradientsOf(config, { threads, activationBytes })
  const decoding = new Map<Tensors, Promise<Session>>()
  const compiled = (weights: Tensors): Promise<Session> => {
    const session = decoding.get(weights) ?? compile(decodingGraph(config), { threads, spin: true, weights })
    decoding.set(weights, session)
    return session
  }
  const forget = async (weights: Tensors): Promise<void> => {
    const session = decoding.get(weights)
    decoding.delete(weights)
    await (await session)?.dispose()
  }
  return {
    async sample(weights, requests, sampling, answered) {
      await gradients.rest()
      const { stop } = sampling
      return decode(requests, sampling, {
        session: await compiled(weights),
        config,
        cacheBytes,
        prefill: (tokens) => prompts.run(weights, tokens),
        stopped: stop.length === 0 ? () => false : stopFinder(await loadDecoder(model), stop),
        answered,
      })
    },
    score: (weights, requests, queue) => scores.score(weights, requests, queue),
    gradient: (weights, lesson, teacher, to) => gradients.add(weights, lesson, teacher, to),
    forget,
    async dispose() {
      for (const weights of decoding.keys()) await forget(weights)
      await Promise.all([scores.dispose(), prompts.dispose(), gradients.dispose()])
    },
  }
}
