/**
 * A policy whose answers are kept as they come: what was answered before an interruption is read back and not sampled again. An answer
 * depends on its prompt, its seed and the weights alone, so a policy that goes on gives the bytes of one that was never stopped.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Policy } from '../engine/engine.ts'
import { DataError } from '../errors.ts'
import { writeWhole } from '../store/files.ts'
import { encodeRollouts, readRollouts } from '../store/rollouts.ts'
import { completionRow, type RolloutRow } from '../store/rollout-rows.ts'
import type { Completion } from '../types.ts'

/** Keeps the answers to request i of the n-th sampling call in `directory`/call-n; the calls must be the same ones each time. */
export function keptPolicy(policy: Policy, directory: string): Policy {
  let calls = 0
  return {
    version: policy.version,
    score: (requests) => policy.score(requests),
    release: () => policy.release(),
    async sample(requests, sampling, answered) {
      const folder = join(directory, `call-${calls++}`)
      const answers = await readKept(folder, requests.length)
      for (const [request, completions] of answers) answered?.(request, completions)
      const missing = [...requests.keys()].filter((i) => !answers.has(i))
      const writes: Promise<void>[] = []
      const keep = (at: number, completions: readonly Completion[]): void => {
        const request = missing[at] as number
        writes.push(settled(writeWhole(fileOf(folder, request), encodeRollouts(completions.map(completionRow), 0))))
        answered?.(request, completions)
      }
      const asked = missing.map((i) => requests[i] as (typeof requests)[number])
      let fresh: Completion[][] = []
      try {
        if (missing.length > 0) fresh = await policy.sample(asked, sampling, keep)
      } finally {
        await Promise.allSettled(writes) // what was begun is written, whatever comes
      }
      await Promise.all(writes)
      fresh.forEach((completions, at) => answers.set(missing[at] as number, completions))
      return requests.map((_, i) => answers.get(i) as Completion[])
    },
  }
}

/** The same promise; that it fails is told where it is awaited, and nowhere before. */
function settled(work: Promise<void>): Promise<void> {
  work.catch(() => {})
  return work
}

async function readKept(folder: string, requests: number): Promise<Map<number, Completion[]>> {
  const answers = new Map<number, Completion[]>()
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^\d+\.parquet$/.test(name)) : []
  for (const name of names.toSorted()) {
    const [request, path] = [Number.parseInt(name, 10), join(folder, name)]
    if (request >= requests) throw new DataError(`${path}: answers request ${request}, there are ${requests}`)
    answers.set(request, await readAnswers(path))
  }
  return answers
}

async function readAnswers(path: string): Promise<Completion[]> {
  try {
    return (await readRollouts(path)).map(completionOf)
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    const { message } = cause
    const told = message.startsWith(path) ? message : `${path}: ${message}`
    throw new DataError(`${told}; delete this file, and the same command samples it again`, { cause })
  }
}

function fileOf(folder: string, request: number): string {
  return join(folder, `${String(request).padStart(6, '0')}.parquet`)
}

function completionOf({ tokens, logprobs, sampledLogprobs, ending }: RolloutRow): Completion {
  if (logprobs === undefined || sampledLogprobs === undefined || ending === undefined)
    throw new DataError('holds an answer without its log-probabilities')
  return { tokens, logprobs, sampledLogprobs, end: ending }
}
