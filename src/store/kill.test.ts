/** A training run as its own process, killed with SIGKILL at several moments and resumed, against one that was left alone. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { integer, seedOf } from '../random.ts'
import { contentsOf, newFolder } from './fixtures/folders.ts'
import { readRun } from './reader.ts'

vi.setConfig({ testTimeout: 180_000 }) // many processes, on a machine that may be busy

const root = join(import.meta.dirname, '..', '..')
const built = join(root, 'node_modules', '.tapo-kill-test', String(process.pid)) // below node_modules, so that packages resolve
const program = join(built, 'store', 'fixtures', 'training.js')
const STEPS = '25'
const whole = newFolder()

beforeAll(async () => {
  compile()
  await runUntil(whole, 'create', () => false)
}, 120_000)

afterAll(() => rmSync(built, { recursive: true, force: true }))

/** The child needs JavaScript: the program and what it imports, nothing else of the tree. */
function compile(): void {
  const compilerOptions = { outDir: built, rootDir: join(root, 'src'), declaration: false, isolatedDeclarations: false, sourceMap: false }
  const project = {
    extends: join(root, 'tsconfig.json'),
    files: [join(root, 'src/store/fixtures/training.ts')],
    include: [],
    compilerOptions,
  }
  mkdirSync(built, { recursive: true })
  writeFileSync(join(built, 'tsconfig.json'), JSON.stringify(project))
  const { stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', built], { encoding: 'utf8' })
  if (!existsSync(program)) throw new Error(stdout)
}

const LAST_WORK_MS = 20

/**
 * Starts the program and kills it once `isTime` says so of what it has said: in the middle of what it does next, or while it waits for
 * an answer to the next thing that it says, so that however slow the machine is, it never gets further. This process is not touched.
 */
async function runUntil(
  directory: string,
  mode: 'create' | 'resume',
  isTime: (said: string) => boolean,
  afterMs?: number,
): Promise<'ended' | 'killed'> {
  const child = spawn(process.execPath, [program, directory, mode, STEPS], { stdio: 'pipe' })
  const timer = afterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), afterMs)
  let said = ''
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  child.stdin.on('error', () => {}) // it was killed
  child.stdout.on('data', (chunk: Buffer) => {
    const wasTime = isTime(said)
    said += chunk.toString()
    if (!wasTime) child.stdin.write('\n')
    if (!wasTime && isTime(said)) setTimeout(() => child.kill('SIGKILL'), LAST_WORK_MS)
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  clearTimeout(timer)
  if (signal === 'SIGKILL') return 'killed'
  if (code !== 0) throw new Error(complaint)
  return 'ended'
}

const times = (word: string, count: number) => (said: string) => said.split(word).length > count

test.each([
  ['before the first step', times('phase', 1)],
  ['in the sixth step', times('step', 5)],
  ['while a checkpoint is saved', times('checkpoint', 2)],
  ['near the end', times('step', 24)],
] as const)('killed %s and resumed, it ends with the same weights, log and rollouts', async (_, isTime) => {
  const folder = newFolder()
  expect(await runUntil(folder, 'create', isTime)).toBe('killed')
  expect(readRun(folder).state).toBe('interrupted')
  expect(await runUntil(folder, 'resume', () => false)).toBe('ended')
  expect(contentsOf(folder)).toEqual(contentsOf(whole))
})

test('killed again and again at random moments, it still ends with the same bytes', async () => {
  const folder = newFolder()
  let outcome = await runUntil(folder, 'create', times('phase', 2))
  for (let attempt = 0; outcome === 'killed' && attempt < 8; attempt++) {
    outcome = await runUntil(folder, 'resume', () => false, 250 + integer(seedOf(1), attempt, 350))
  }
  if (outcome === 'killed') outcome = await runUntil(folder, 'resume', () => false)
  expect(outcome).toBe('ended')
  expect(contentsOf(folder)).toEqual(contentsOf(whole))
})
