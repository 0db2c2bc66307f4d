/** What reads frozen weights, in one thread: samples from them and scores under them. Graphs are compiled when first needed. */
import type { ModelConfig } from '../../model/config.ts'
import { loadDecoder } from '../../text/load-tokenizer.ts'
import type { Completion, TokenScores } from '../../types.ts'
import type { Answered, SampleRequest, Sampling, ScoreRequest } from '../engine.ts'
import { decode } from './decoding.ts'
import { decodingGraph } from './decoding-graph.ts'
import type { Tensors } from './optimizer-state.ts'
import { prefill } from './prefill.ts'
import { scoring } from './scoring.ts'
import { compile, type Session } from './session.ts'
import { stopFinder } from './stop-strings.ts'

export interface Reader {
  /** At least one request, each checked, and at least one answer to each. */
  sample(weights: Tensors, requests: readonly SampleRequest[], sampling: Sampling, answered: Answered): Promise<Completion[][]>
  score(weights: Tensors, requests: readonly ScoreRequest[]): Promise<TokenScores[]>
  /** Frees what was made for these weights: they change, or nobody reads them any more. */
  forget(weights: Tensors): Promise<void>
  dispose(): Promise<void>
}

export interface ReaderOptions {
  readonly model: string // the folder; stop strings need its tokenizer
  readonly config: ModelConfig
  readonly threads: number
  readonly microBatchTokens: number
  readonly cacheBytes: number // of keys, values and logits, about: bounds the rows that decode together
}

export function reader({ model, config, threads, microBatchTokens, cacheBytes }: ReaderOptions): Reader {
  const [scores, prompts] = [scoring(config, { threads, microBatchTokens }), prefill(config, { threads, microBatchTokens })]
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
    score: (weights, requests) => scores.score(weights, requests),
    forget,
    async dispose() {
      for (const weights of decoding.keys()) await forget(weights)
      await scores.dispose()
      await prompts.dispose()
    },
  }
}
