/** The thread of pool.ts: judges what it is sent, a chunk at a time, and knows nothing else. */
import { parentPort } from 'node:worker_threads'
import type { Chunk } from './threads.ts'
import { type Verification, verify } from './verify.ts'

parentPort?.postMessage('ready')
parentPort?.on('message', ({ pairs, policy }: Chunk) => {
  parentPort?.postMessage(pairs.map(([gold, response]) => verify(gold, response, policy)) satisfies Verification[])
})
