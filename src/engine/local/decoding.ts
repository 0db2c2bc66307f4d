/**
 * Continuous batching: rows decode together, finished rows leave, and as many waiting answers enter as there is room for. A row's
 * tokens depend on its prompt, its seed and the weights alone, never on the rows beside it.
 */
import type { ModelConfig } from '../../model/config.ts'
import { fold, type Seed, uniform } from '../../random.ts'
import type { Completion, Ending } from '../../types.ts'
import type { Answered, SampleRequest, Sampling } from '../engine.ts'
import { type KeyValueCache, keyValueCache } from './cache.ts'
import { draw } from './draw.ts'
import { mostRows } from './memory.ts'
import type { PromptCache } from './prefill.ts'
import type { Feeds, Session } from './session.ts'
import { rotationFeeds, rotations } from './stream-feeds.ts'
import { MASKED } from './stream.ts'

// One row of one key-value head would be multiplied by another kernel than rows in a batch, with other last bits: it gets company.
const FEWEST_ROWS = 2
const FEWEST_FREE = 8 // answers wait until this many rows are free, or an eighth of few rows, so that prefill is not called for each

export interface DecodingOptions {
  readonly session: Session
  readonly config: ModelConfig
  readonly cacheBytes: number // of keys, values and logits, about: bounds the rows that decode together
  readonly prefill: (prompts: readonly Int32Array[]) => Promise<PromptCache[]>
  readonly stopped: (tokens: readonly number[]) => boolean // whether the answer so far holds a stop string
  readonly answered?: Answered
}

/** One prompt in the batch, with as many of its answers as are running. */
interface Context {
  index: number // in the cache
  readonly request: number
  readonly tokens: number // of the prompt but its last
  readonly rows: Row[]
}

interface Row {
  readonly context: Context
  readonly request: number
  readonly sample: number
  readonly seed: Seed
  next: number // token to feed
  readonly tokens: number[]
  readonly logprobs: number[]
  readonly sampledLogprobs: number[]
}

interface Waiting {
  readonly request: number
  readonly samples: readonly number[]
}

/** `sampling.count` completions for each request, in order. */
export async function decode(requests: readonly SampleRequest[], sampling: Sampling, options: DecodingOptions): Promise<Completion[][]> {
  const answers = requests.map((): Completion[] => [])
  const missing = requests.map(() => sampling.count)
  const longestPrompt = requests.reduce((longest, { prompt }) => Math.max(longest, prompt.length), 0)
  const limit = mostRows(options.config, { ...sampling, longestPrompt }, options.cacheBytes)
  const waiting = requests.map((_, request): Waiting => ({ request, samples: Array.from({ length: sampling.count }, (__, i) => i) }))
  const leastFree = Math.max(1, Math.min(FEWEST_FREE, limit >> 3))
  const most = (owners: number): number => Math.max(FEWEST_ROWS, Math.min(limit, owners))
  const cache = keyValueCache(options.config, {
    contexts: { owners: most(waiting.length), tokens: longestPrompt },
    rows: { owners: most(requests.length * sampling.count), tokens: Math.min(sampling.maxTokens, options.config.contextLength) },
  })
  const batch = new Batch(options, sampling, requests, cache)
  while (waiting.length > 0 || batch.rows.length > 0) {
    const free = limit - batch.rows.length
    if (waiting.length > 0 && free >= leastFree) await batch.admit(take(waiting, free))
    for (const { request, sample, completion } of await batch.step()) {
      const own = answers[request] as Completion[]
      own[sample] = completion
      missing[request]! -= 1
      if (missing[request] === 0) options.answered?.(request, own)
    }
  }
  return answers
}

/** As many answers as there are free rows: the last prompt's may enter in parts, and what is left of them waits on, first in line. */
function take(waiting: Waiting[], free: number): Waiting[] {
  const taken: Waiting[] = []
  for (let left = free; left > 0 && waiting.length > 0;) {
    const { request, samples } = waiting.shift() as Waiting
    taken.push({ request, samples: samples.slice(0, left) })
    if (samples.length > left) waiting.unshift({ request, samples: samples.slice(left) })
    left -= Math.min(left, samples.length)
  }
  return taken
}

interface Finished {
  readonly request: number
  readonly sample: number
  readonly completion: Completion
}

/** The rows that decode together. Row i of the cache is `rows[i]`. */
class Batch {
  readonly rows: Row[] = []
  readonly #contexts: Context[] = []
  readonly #options: DecodingOptions
  readonly #sampling: Sampling
  readonly #requests: readonly SampleRequest[]
  readonly #cache: KeyValueCache
  readonly #rotationsOf: ReturnType<typeof rotations>
  #tables: Feeds | undefined // depends on who is in the batch

  constructor(options: DecodingOptions, sampling: Sampling, requests: readonly SampleRequest[], cache: KeyValueCache) {
    this.#options = options
    this.#sampling = sampling
    this.#requests = requests
    this.#cache = cache
    this.#rotationsOf = rotations(options.config)
  }

  async admit(entering: readonly Waiting[]): Promise<void> {
    const isThere = new Set(this.#contexts.map(({ request }) => request))
    const fresh = entering.filter(({ request }) => !isThere.has(request))
    const prompts = fresh.map(({ request }) => (this.#requests[request] as SampleRequest).prompt)
    const caches = await this.#options.prefill(prompts.map((prompt) => prompt.subarray(0, -1)))
    fresh.forEach(({ request }, i) => {
      const prompt = caches[i] as PromptCache
      this.#contexts.push({ index: this.#cache.addContext(prompt), request, tokens: prompt.tokens, rows: [] })
    })
    for (const { request, samples } of entering) {
      const context = this.#contexts.find((each) => each.request === request) as Context
      for (const sample of samples) this.#addRow(context, request, sample)
    }
    this.#tables = undefined
  }

  #addRow(context: Context, request: number, sample: number): void {
    const { prompt, seed } = this.#requests[request] as SampleRequest
    const row: Row = {
      context,
      request,
      sample,
      seed: fold(seed, sample),
      next: prompt.at(-1) as number,
      tokens: [],
      logprobs: [],
      sampledLogprobs: [],
    }
    this.#cache.addRow()
    context.rows.push(row)
    this.rows.push(row)
  }

  /** Draws one token for every row; returns the answers that ended. */
  async step(): Promise<Finished[]> {
    const longest = Math.max(...this.rows.map(({ tokens }) => tokens.length))
    this.#cache.reserve(longest)
    const outputs = await this.#options.session.run(this.#feeds())
    this.#cache.append(
      outputs,
      this.rows.map(({ tokens }) => tokens.length),
    )
    const { vocabularySize } = this.#options.config
    this.rows.forEach((row, i) => {
      const [from, to] = [i * vocabularySize, (i + 1) * vocabularySize]
      const drawn = draw(
        (outputs['probabilities'] as Float32Array).subarray(from, to),
        uniform(row.seed, row.tokens.length),
        this.#sampling,
      )
      row.next = drawn.token
      row.tokens.push(drawn.token)
      row.logprobs.push((outputs['logprobs'] as Float32Array)[from + drawn.token] as number)
      row.sampledLogprobs.push(drawn.logprob)
    })
    return this.#release()
  }

  /** Takes out the rows that ended, last first, so that moving the last row into a gap never moves one that ended. */
  #release(): Finished[] {
    const finished: Finished[] = []
    for (let i = this.rows.length - 1; i >= 0; i--) {
      const row = this.rows[i] as Row
      const end = this.#ending(row)
      if (end === undefined) continue
      finished.push({ request: row.request, sample: row.sample, completion: completionOf(row, end) })
      this.#removeRow(i)
    }
    return finished
  }

  /** An answer also ends where the model's context does. */
  #ending({ context, tokens }: Row): Ending | undefined {
    const { contextLength, endTokens } = this.#options.config
    if (endTokens.includes(tokens.at(-1) as number)) return 'eos'
    if (this.#options.stopped(tokens)) return 'stop'
    return tokens.length >= Math.min(this.#sampling.maxTokens, contextLength - context.tokens - 1) ? 'length' : undefined
  }

  #removeRow(index: number): void {
    const row = this.rows[index] as Row
    this.#cache.removeRow(index)
    const last = this.rows.pop() as Row
    if (last !== row) this.rows[index] = last
    const { context } = row
    context.rows.splice(context.rows.indexOf(row), 1)
    if (context.rows.length === 0) this.#removeContext(context)
    this.#tables = undefined
  }

  #removeContext(context: Context): void {
    this.#cache.removeContext(context.index)
    const last = this.#contexts.pop() as Context
    if (last !== context) {
      this.#contexts[context.index] = last
      last.index = context.index
    }
  }

  #feeds(): Feeds {
    const { config } = this.#options
    const { temperature } = this.#sampling
    const rows = this.rows.length < FEWEST_ROWS ? [...this.rows, ...this.rows] : this.rows
    const positions = rows.map(({ context, tokens }) => context.tokens + tokens.length)
    this.#tables ??= queryTables(
      rows,
      { contexts: Math.max(FEWEST_ROWS, this.#contexts.length), least: Math.min(this.#sampling.count, 2) },
      config,
    )
    return {
      ids: { data: Int32Array.from(rows, ({ next }) => next), shape: [rows.length] },
      positions: { data: BigInt64Array.from(positions, BigInt), shape: [rows.length] },
      ...rotationFeeds(this.#rotationsOf(Math.max(...positions) + 1), config),
      inverseTemperature: { data: Float32Array.of(temperature === 0 ? 1 : 1 / temperature), shape: [] },
      widths: { data: BigInt64Array.of(BigInt(this.#cache.contextWidth()), BigInt(this.#cache.ownWidth()), 1n), shape: [3] },
      mask: this.#mask(rows),
      ...this.#tables,
      ...this.#cache.feeds(FEWEST_ROWS),
    }
  }

  #mask(rows: readonly Row[]): Feeds[string] {
    const [P, S] = [this.#cache.contextWidth(), this.#cache.ownWidth()]
    const width = P + S + 1
    const data = new Float32Array(rows.length * width)
    rows.forEach(({ context, tokens }, i) => {
      data.fill(MASKED, i * width + context.tokens, i * width + P)
      data.fill(MASKED, i * width + P + tokens.length, i * width + P + S)
    })
    return { data, shape: [rows.length, 1, 1, 1, width] }
  }
}

function completionOf({ tokens, logprobs, sampledLogprobs }: Row, end: Ending): Completion {
  return {
    tokens: Int32Array.from(tokens),
    logprobs: Float32Array.from(logprobs),
    sampledLogprobs: Float32Array.from(sampledLogprobs),
    end,
  }
}

interface TableSize {
  readonly contexts: number
  readonly least: number // rows that a context has room for
}

/**
 * Where each row's queries stand among its context's, and back (decoding-graph.ts: tile and home). A context of several answers
 * keeps room for two when but one is left: one query has a kernel of its own, which serves only where there is never another.
 */
function queryTables(rows: readonly Row[], { contexts, least }: TableSize, { heads, kvHeads }: ModelConfig): Feeds {
  const J = heads / kvHeads
  const Q = J * Math.max(least, ...rows.map(({ context }) => context.rows.length))
  const tile = new Int32Array(contexts * kvHeads * Q)
  const home = new Int32Array(rows.length * heads)
  const used = new Int32Array(contexts)
  rows.forEach(({ context }, b) => {
    const nth = used[context.index]!++
    const slot = nth % (Q / J) // a row that keeps itself company may have no place of its own: it reads its double's
    for (let k = 0; k < kvHeads; k++) {
      for (let j = 0; j < J; j++) {
        const place = (context.index * kvHeads + k) * Q + slot * J + j
        const query = (b * kvHeads + k) * J + j
        if (slot === nth) tile[place] = query
        home[query] = place
      }
    }
  })
  return { tile: { data: tile, shape: [contexts, kvHeads, Q] }, home: { data: home, shape: [rows.length, kvHeads, J] } }
}
