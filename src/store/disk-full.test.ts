/** What happens when the disk fills up while a run is written: a real small file system, where this process may mount one. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Trainer } from '../engine/engine.ts'
import { StoreError } from '../errors.ts'
import { contentsOf, newFolder } from './fixtures/folders.ts'
import { identity, miniature, newTrainer, progressOf } from './fixtures/training.ts'
import { readRun } from './reader.ts'
import { Run } from './run.ts'

const mount = mkdtempSync(join(tmpdir(), 'tapo-disk-'))
const mounted = process.platform === 'linux' && spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', mount]).status === 0
if (!mounted) process.stderr.write('skipped: a disk that fills up (mounting a tmpfs needs Linux and root)\n')
const ballast = join(mount, 'ballast')

afterAll(() => {
  if (mounted) spawnSync('/bin/umount', [mount])
  rmSync(mount, { recursive: true })
})

/** Leaves `bytes` free. */
function fill(bytes: number): void {
  rmSync(ballast, { force: true })
  const { bavail, bsize } = statfsSync(mount)
  writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - bytes)))
}

test.skipIf(!mounted)('a checkpoint that does not fit is a StoreError that names it, and nothing of it stays', async () => {
  const directory = join(mount, 'checkpoint')
  const run = Run.create(directory, identity(3))
  const large: Trainer = {
    ...newTrainer(),
    save: (folder) => mkdir(folder).then(() => writeFile(join(folder, 'weights'), Buffer.alloc(300_000))),
  }
  const saving = run.saveCheckpoint(1, large)
  await expect(saving).rejects.toThrow(StoreError)
  await expect(saving).rejects.toThrow(/checkpoints\/step-000001: could not be written, no space left on the disk/)
  expect(readdirSync(join(directory, 'checkpoints'))).toEqual([])
  run.close()
  rmSync(directory, { recursive: true })
})

test.skipIf(!mounted)('a run that meets a full disk stops whole, and goes on to the same bytes when there is room', async () => {
  const whole = newFolder()
  const steps = 12
  const uninterrupted = Run.create(whole, identity(steps))
  await progressOf(miniature(uninterrupted, steps))
  uninterrupted.close()

  const directory = join(mount, 'run')
  fill(40_000)
  const run = Run.create(directory, identity(steps))
  await expect(progressOf(miniature(run, steps))).rejects.toThrow(/could not be written, no space left on the disk/)
  run.close()
  expect(readRun(directory).state).toBe('interrupted')
  expect(readdirSync(join(directory, 'rollouts')).filter((name) => name.startsWith('.'))).toEqual([])

  rmSync(ballast)
  const resumed = await Run.resume(directory, identity(steps))
  await progressOf(miniature(resumed, steps))
  resumed.close()
  expect(contentsOf(directory)).toEqual(contentsOf(whole))
})

test.skipIf(!mounted)('a run that cannot even begin gives its folder back', async () => {
  const directory = join(mount, 'begin')
  fill(8192)
  const verbose = { ...identity(3), config: { seed: 7, note: 'x'.repeat(20_000) } }
  expect(() => Run.create(directory, verbose)).toThrow(/events\.jsonl: could not be written, no space left on the disk/)
  expect(readRun(directory).state).toBe('interrupted')
  rmSync(ballast)
  const run = await Run.resume(directory, verbose)
  expect(run.events.map((event) => event.type)).toEqual(['started'])
  run.close()
})

test.skipIf(!mounted)('an event that does not fit is not in the log', () => {
  const directory = join(mount, 'log')
  const run = Run.create(directory, identity(3))
  fill(0)
  const huge = { type: 'evaluation', step: 0, name: 'x'.repeat(20_000), samples: 1, problems: [], right: [], figures: {} } as const
  expect(() => run.append(huge)).toThrow(/events\.jsonl: could not be written, no space left on the disk/)
  rmSync(ballast)
  expect(run.append({ type: 'finished', steps: 0 }).seq).toBe(1)
  run.close()
  expect(readRun(directory).events.map((event) => event.type)).toEqual(['started', 'finished'])
})
