/** The thread of pool.ts: judges what it is sent, a chunk at a time, and knows nothing else. */
import { parentPort } from 'node:worker_threads'
import type { VerifyPolicy } from './policy.ts'
import { type Verification, verify } from './verify.ts'

export interface Chunk {
  readonly pairs: readonly (readonly [gold: string, response: string])[]
  readonly policy: VerifyPolicy
}

export type Judged = readonly Verification[]

parentPort?.postMessage('ready')
parentPort?.on('message', ({ pairs, policy }: Chunk) => {
  parentPort?.postMessage(pairs.map(([gold, response]) => verify(gold, response, policy)) satisfies Judged)
})
