/**
 * Threads that judge chunks of pairs. Whatever a pair does to its thread costs only that pair its verdict: a thread that is late, runs out of
 * memory or dies is replaced, and its pairs are judged again one by one. What a verdict is and who makes it is the module's of the thread.
 */
import { Worker } from 'node:worker_threads'
import type { VerifyPolicy } from './policy.ts'

export type GoldAndResponse = readonly [gold: string, response: string]

/** What a thread is sent; it answers with a verdict for each pair, in order. It says something once when it is there. */
export interface Chunk {
  readonly pairs: readonly GoldAndResponse[]
  readonly policy: VerifyPolicy
}

export interface ThreadOptions<T> {
  readonly worker: URL // the module of a thread
  readonly threads: number
  readonly perChunk: number // pairs
  readonly deadlineMs: number // for one chunk
  readonly maxMemoryMb: number // of one thread's heap
  readonly lost: T // for a pair that its thread did not survive
  readonly judgeHere: (pair: GoldAndResponse, policy: VerifyPolicy) => T // where no thread starts, as in a bundle without its module
}

export interface Threads<T> {
  judge(pairs: readonly GoldAndResponse[], policy: VerifyPolicy): Promise<T[]>
  close(): Promise<void>
}

/** Threads start when there is something to judge, and keep no process alive. */
export function judgingThreads<T>(options: ThreadOptions<T>): Threads<T> {
  const { threads, perChunk } = options
  const idle: Worker[] = []
  return {
    async judge(pairs, policy) {
      const results: T[] = []
      const chunks = Array.from({ length: Math.ceil(pairs.length / perChunk) }, (_, i) => i * perChunk)
      const run = async (): Promise<void> => {
        for (let start = chunks.shift(); start !== undefined; start = chunks.shift()) {
          const judged = await judgeChunk({ pairs: pairs.slice(start, start + perChunk), policy }, idle, options)
          for (const [index, verdict] of judged.entries()) results[start + index] = verdict
        }
      }
      await Promise.all(Array.from({ length: threads }, run))
      return results
    },
    async close() {
      await Promise.all(idle.splice(0).map((worker) => worker.terminate()))
    },
  }
}

async function judgeChunk<T>(chunk: Chunk, idle: Worker[], options: ThreadOptions<T>): Promise<readonly T[]> {
  const judged = await ask(chunk, idle, options)
  if (judged !== undefined) return judged
  if (chunk.pairs.length === 1) return [options.lost]
  const alone: T[] = []
  for (const pair of chunk.pairs) alone.push(...(await judgeChunk({ ...chunk, pairs: [pair] }, idle, options)))
  return alone
}

/** What a thread answers; undefined when it is late or dies, and then it is gone. Where no thread starts, this one judges. */
async function ask<T>(chunk: Chunk, idle: Worker[], options: ThreadOptions<T>): Promise<readonly T[] | undefined> {
  const worker = idle.pop() ?? (await started(options))
  if (worker === undefined) return chunk.pairs.map((pair) => options.judgeHere(pair, chunk.policy))
  worker.ref()
  const answer = answerOf(worker, options.deadlineMs)
  worker.postMessage(chunk)
  const judged = await answer
  if (judged === undefined) {
    await ended(worker)
    return undefined
  }
  worker.unref()
  idle.push(worker)
  return judged as readonly T[]
}

const slowestStartMs = 60_000

/** A new thread once it says that it is there; undefined where there can be none. */
async function started<T>({ worker: module, maxMemoryMb }: ThreadOptions<T>): Promise<Worker | undefined> {
  const worker = new Worker(module, { resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb } })
  if ((await answerOf(worker, slowestStartMs)) !== undefined) return worker
  await ended(worker)
  return undefined
}

/** The next message; undefined when it is late or the thread dies. */
function answerOf(worker: Worker, deadlineMs: number): Promise<unknown> {
  return new Promise<unknown>((resolve) => {
    const settle = (value: unknown): void => {
      clearTimeout(timer)
      worker.off('message', settle).off('error', die).off('exit', die)
      resolve(value)
    }
    const die = (): void => settle(undefined)
    const timer = setTimeout(die, deadlineMs)
    worker.on('message', settle).on('error', die).on('exit', die)
  })
}

async function ended(worker: Worker): Promise<void> {
  worker.on('error', () => {}) // a thread that is being ended may still complain
  await worker.terminate()
}
