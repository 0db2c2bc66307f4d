/**
 * What a computer algebra system says of the same two texts: @cortex-js/compute-engine, where it is installed. It decides nothing: it takes
 * values that differ by less than its tolerance for equal, and can not be stopped from within (docs/verifier.md has its figures). It serves
 * an audit, which looks at where the two disagree, and runs in a thread that is ended when it is late.
 */
import { createRequire } from 'node:module'
import { UsageError } from '../../errors.ts'
import { verifyDefaults } from './policy.ts'
import { type GoldAndResponse, judgingThreads } from './threads.ts'

export interface Opinion {
  readonly says: 'right' | 'wrong' | 'nothing'
  readonly why: string
}

export const engineName = '@cortex-js/compute-engine'

export interface OpinionOptions {
  readonly worker: URL
  readonly deadlineMs: number
}

/** An opinion on each pair, in order. UsageError where the package is not installed. */
export async function secondOpinions(pairs: readonly GoldAndResponse[], options: Partial<OpinionOptions> = {}): Promise<Opinion[]> {
  const { worker = new URL('./second-opinion-worker.js', import.meta.url), deadlineMs = 5000 } = options
  const { resolve } = createRequire(import.meta.url)
  try {
    resolve(engineName)
  } catch (cause) {
    throw new UsageError(`${engineName}: not installed; npm install ${engineName}@0.140.0`, { cause })
  }
  const absent: Opinion = { says: 'nothing', why: 'no thread started' }
  const threads = judgingThreads<Opinion>({
    worker,
    threads: 1,
    perChunk: 1, // a pair that is not answered in time costs no other one a second try
    deadlineMs,
    maxMemoryMb: 512,
    lost: { says: 'nothing', why: `not answered within ${deadlineMs} ms, or the thread died` },
    judgeHere: () => absent,
  })
  try {
    return await threads.judge(pairs, verifyDefaults)
  } finally {
    await threads.close()
  }
}
