/**
 * Verdicts in threads of their own. Counted work bounds a verdict already; the deadline here is the last resort, for what nobody thought
 * of: a thread that is late, runs out of memory or dies is replaced, and its pairs are judged again one by one, so that one pair costs only
 * its own verdict. Verdicts are those of verify(), in order, whatever the number of threads.
 */
import { Worker } from 'node:worker_threads'
import { verifyDefaults, type VerifyPolicy } from './policy.ts'
import { type Verification, verify } from './verify.ts'
import type { Chunk, Judged } from './worker.ts'

export type GoldAndResponse = Chunk['pairs'][number]

export interface PoolOptions {
  readonly policy: VerifyPolicy
  readonly threads: number
  readonly deadlineMs: number // for one chunk; far above what counted work allows
  readonly maxMemoryMb: number // of one thread's heap
  readonly worker: URL // the module of a thread
}

export interface VerifierPool {
  verify(pairs: readonly GoldAndResponse[]): Promise<Verification[]>
  close(): Promise<void>
}

const perChunk = 32 // pairs

/** Threads start when there is something to judge, and keep no process alive. */
export function verifierPool(options: Partial<PoolOptions> = {}): VerifierPool {
  const settings: PoolOptions = {
    policy: verifyDefaults,
    threads: 1,
    deadlineMs: 10_000,
    maxMemoryMb: 256,
    worker: new URL('./worker.js', import.meta.url),
    ...options,
  }
  const idle: Worker[] = []
  return {
    async verify(pairs) {
      const results: Verification[] = []
      const chunks = Array.from({ length: Math.ceil(pairs.length / perChunk) }, (_, i) => i * perChunk)
      const run = async (): Promise<void> => {
        for (let start = chunks.shift(); start !== undefined; start = chunks.shift()) {
          const judged = await judgeChunk(pairs.slice(start, start + perChunk), idle, settings)
          for (const [index, verification] of judged.entries()) results[start + index] = verification
        }
      }
      await Promise.all(Array.from({ length: settings.threads }, run))
      return results
    },
    async close() {
      await Promise.all(idle.splice(0).map((worker) => worker.terminate()))
    },
  }
}

async function judgeChunk(pairs: Chunk['pairs'], idle: Worker[], settings: PoolOptions): Promise<Judged> {
  const judged = await ask({ pairs, policy: settings.policy }, idle, settings)
  if (judged !== undefined) return judged
  if (pairs.length === 1) return [lost]
  const alone: Verification[] = []
  for (const pair of pairs) alone.push(...(await judgeChunk([pair], idle, settings)))
  return alone
}

const lost: Verification = {
  verdict: 'undecided',
  method: 'limits',
  why: 'the thread that judged it was late or died, twice',
  extracted: undefined,
}

/** What a thread answers; undefined when it is late or dies, and then it is gone. Where no thread starts, this one judges. */
async function ask(chunk: Chunk, idle: Worker[], settings: PoolOptions): Promise<Judged | undefined> {
  const worker = idle.pop() ?? (await started(settings))
  if (worker === undefined) return chunk.pairs.map(([gold, response]) => verify(gold, response, chunk.policy))
  worker.ref()
  const answer = answerOf(worker, settings.deadlineMs)
  worker.postMessage(chunk)
  const judged = await answer
  if (judged === undefined) {
    await ended(worker)
    return undefined
  }
  worker.unref()
  idle.push(worker)
  return judged as Judged
}

/** A new thread once it says that it is there; undefined where there can be none, as in a bundle without the thread's module. */
async function started({ worker: module, maxMemoryMb, deadlineMs }: PoolOptions): Promise<Worker | undefined> {
  const worker = new Worker(module, { resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb } })
  if ((await answerOf(worker, deadlineMs)) !== undefined) return worker
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
