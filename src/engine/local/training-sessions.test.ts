import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../model/config-file.ts'
import { type Bin, bins, layOut, type Stream, type Unit } from './stream.ts'
import { trainingSessions } from './training-sessions.ts'

const config = await readConfig(join(import.meta.dirname, '../../model/fixtures/llama'))

function streamOf(tokens: number): Stream {
  const units = [{ segments: [{ tokens: new Int32Array(tokens), position: 0, context: -1 }], size: tokens }]
  return layOut(bins(units, { tokens: 1024, even: true })[0] as Bin<Unit>)
}

test('a session is kept from step to step, and over a rest unless it has held large activations', async () => {
  const sessions = trainingSessions(config, 1e12, 1)
  const small = await sessions.get('likelihood', streamOf(20))
  await sessions.rest()
  expect(await sessions.get('likelihood', streamOf(30))).toBe(small)
  expect(await sessions.get('likelihood', streamOf(100_000))).not.toBe(small) // attention in blocks, large activations
  await sessions.rest()
  expect(await sessions.get('likelihood', streamOf(20))).not.toBe(small)
  await sessions.dispose()
})

test('activations over the limit are computed layer by layer, by another session', async () => {
  const sessions = trainingSessions(config, 1e6, 1)
  const whole = await sessions.get('likelihood', streamOf(20))
  expect(await sessions.get('likelihood', streamOf(1000))).not.toBe(whole)
  expect(await sessions.get('policy-gradient', streamOf(20))).not.toBe(whole)
  expect(await sessions.get('likelihood', streamOf(20))).toBe(whole)
  await sessions.dispose()
})
