import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../model/config-file.ts'
import type { LossKind } from './loss-head.ts'
import { activationBytes } from './memory.ts'
import type { Session } from './session.ts'
import { type Bin, bins, layOut, type Stream, type Unit } from './stream.ts'
import { trainingSessions } from './training-sessions.ts'

const config = await readConfig(join(import.meta.dirname, '../../model/fixtures/llama'))

function streamOf(tokens: number): Stream {
  const units = [{ segments: [{ tokens: new Int32Array(tokens), position: 0, context: -1 }], size: tokens }]
  return layOut(bins(units, { tokens: 1024, even: true })[0] as Bin<Unit>)
}

test('a graph is kept from step to step, and over a rest unless it has held large activations', async () => {
  const sessions = trainingSessions(config, 1e12, 1)
  const graph = async (tokens: number, kind: LossKind = 'likelihood'): Promise<Session> =>
    (await sessions.get(kind, streamOf(tokens))).session('loss')
  const small = await graph(20)
  await sessions.rest()
  expect(await graph(30)).toBe(small)
  expect(await graph(20, 'policy-gradient')).not.toBe(small)
  expect(await graph(100_000)).not.toBe(small) // attention in blocks, large activations
  await sessions.rest()
  expect(await graph(20)).not.toBe(small)
  await sessions.dispose()
})

test('layers are computed again where the activations of all would exceed the limit, of so many as the largest bin needs', async () => {
  const sessions = trainingSessions(config, activationBytes(config, streamOf(900), 1), 1)
  const cut = async (tokens: number): Promise<number> => (await sessions.get('likelihood', streamOf(tokens))).cut
  expect([await cut(20), await cut(900), await cut(20)]).toEqual([0, 1, 1])
  await sessions.dispose()
})
