/**
 * The verifier in threads of its own. Counted work bounds a verdict already; the deadline here is the last resort, for what nobody thought
 * of. Verdicts are those of verify(), in order, whatever the number of threads.
 */
import { verifyDefaults, type VerifyPolicy } from './policy.ts'
import { type GoldAndResponse, judgingThreads, type ThreadOptions } from './threads.ts'
import { type Verification, verify } from './verify.ts'

export type PoolOptions = Pick<ThreadOptions<Verification>, 'worker' | 'threads' | 'deadlineMs' | 'maxMemoryMb'>

export interface VerifierPool {
  verify(pairs: readonly GoldAndResponse[], policy?: VerifyPolicy): Promise<Verification[]>
  close(): Promise<void>
}

export function verifierPool(options: Partial<PoolOptions> = {}): VerifierPool {
  const threads = judgingThreads<Verification>({
    worker: new URL('./worker.js', import.meta.url),
    threads: 1,
    perChunk: 32,
    deadlineMs: 10_000, // far above what counted work allows
    maxMemoryMb: 256,
    ...options,
    lost: {
      verdict: 'undecided',
      method: 'limits',
      why: 'the thread that judged it was late or died, twice',
      extracted: undefined,
    },
    judgeHere: ([gold, response], policy) => verify(gold, response, policy),
  })
  return { verify: (pairs, policy = verifyDefaults) => threads.judge(pairs, policy), close: () => threads.close() }
}
