/** Where a step's time goes: by part, and how much of it was spent waiting for the engine. */
import type { Policy } from '../engine/engine.ts'

/** What the loop times. `engine` runs across the others: overhead outside the engine is total - engine. */
export type Part = 'rollout' | 'method' | 'update'

export interface Stopwatch {
  /** Runs `work` as a part of the step. */
  time<T>(part: Part, work: () => Promise<T>): Promise<T>
  /** Runs `work` as the engine's; calls that overlap count once. */
  engine<T>(work: () => Promise<T>): Promise<T>
  /** The same policy, its calls counted as the engine's. */
  policy(policy: Policy): Policy
  /** Wall seconds since the start: rollout, method, update, engine, other (none of the three parts) and total. */
  seconds(): Record<Part | 'engine' | 'other' | 'total', number>
}

export function startStopwatch(): Stopwatch {
  const start = performance.now()
  const parts: Record<Part, number> = { rollout: 0, method: 0, update: 0 }
  let engineMs = 0
  let running = 0
  let since = 0

  async function time<T>(part: Part, work: () => Promise<T>): Promise<T> {
    const begin = performance.now()
    try {
      return await work()
    } finally {
      parts[part] += performance.now() - begin
    }
  }

  async function engine<T>(work: () => Promise<T>): Promise<T> {
    if (running === 0) since = performance.now()
    running += 1
    try {
      return await work()
    } finally {
      running -= 1
      if (running === 0) engineMs += performance.now() - since
    }
  }

  function policy(inner: Policy): Policy {
    return {
      version: inner.version,
      sample: (requests, sampling, answered) => engine(() => inner.sample(requests, sampling, answered)),
      score: (requests) => engine(() => inner.score(requests)),
      release: () => engine(() => inner.release()),
    }
  }

  function seconds(): Record<Part | 'engine' | 'other' | 'total', number> {
    const total = performance.now() - start
    const other = total - parts.rollout - parts.method - parts.update
    return mapValues({ ...parts, engine: engineMs, other, total }, (ms) => Math.round(ms) / 1000)
  }

  return { time, engine, policy, seconds }
}

function mapValues<K extends string>(record: Readonly<Record<K, number>>, change: (value: number) => number): Record<K, number> {
  return Object.fromEntries(Object.entries<number>(record).map(([key, value]) => [key, change(value)])) as Record<K, number>
}
