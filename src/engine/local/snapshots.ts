/**
 * Weights of a version, shared by the policies of that version and, while it is current, by training. Training writes in
 * place; it first asks for a copy when a policy still holds the current version.
 */
import type { PolicyVersion } from '../engine.ts'
import type { Lanes } from './lanes.ts'
import type { OwnTensors, Tensors } from './optimizer-state.ts'
import { ownCopy } from './shared-tensors.ts'

export interface Snapshot {
  readonly weights: OwnTensors
  holders: number
  version: PolicyVersion | undefined // while it is held
}

export function snapshot(weights: Tensors, lanes: Pick<Lanes, 'placed'>): Snapshot {
  return { weights: lanes.placed(weights), holders: 0, version: undefined }
}

/** A snapshot that training may write to: the same one when no policy holds it, else one with copied weights. */
export async function writable(current: Snapshot, lanes: Pick<Lanes, 'forget' | 'placed'>): Promise<Snapshot> {
  if (current.holders > 0) return snapshot(ownCopy(current.weights), lanes)
  await lanes.forget(current.weights)
  return current
}

/** Has one holder more. */
export function hold(current: Snapshot, version: PolicyVersion): void {
  current.holders++
  current.version = version
}

/** Forgets one holder; the last one frees what reading them took. */
export async function release(held: Snapshot, lanes: Pick<Lanes, 'forget'>): Promise<void> {
  held.holders--
  if (held.holders === 0) await lanes.forget(held.weights)
}
