/**
 * Weights of a version, shared by the policies of that version and, while it is current, by training. Training writes in
 * place; it first asks for a copy when a policy still holds the current version.
 */
import type { PolicyVersion } from '../engine.ts'
import type { Session } from './session.ts'
import type { Tensors } from './optimizer-state.ts'

export interface Snapshot {
  readonly weights: Tensors
  holders: number
  version: PolicyVersion | undefined // while it is held
  decoding: Promise<Session> | undefined // compiled with these weights when first sampled from
}

export function snapshot(weights: Tensors): Snapshot {
  return { weights, holders: 0, version: undefined, decoding: undefined }
}

/** A snapshot that training may write to: the same one when no policy holds it, else one with copied weights. */
export async function writable(current: Snapshot): Promise<Snapshot> {
  if (current.holders > 0) return snapshot(new Map([...current.weights].map(([name, data]) => [name, data.slice()])))
  await dropDecoding(current)
  return current
}

/** Has one holder more. */
export function hold(current: Snapshot, version: PolicyVersion): void {
  current.holders++
  current.version = version
}

/** Forgets one holder; the last one frees the compiled session. */
export async function release(held: Snapshot): Promise<void> {
  held.holders--
  if (held.holders === 0) await dropDecoding(held)
}

async function dropDecoding(held: Snapshot): Promise<void> {
  const session = held.decoding
  held.decoding = undefined
  await (await session)?.dispose()
}
