/** The pool on real threads: this folder compiled, and threads that hang, die or grow in place of the verifier's own. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test, vi } from 'vitest'
import { compiled } from '../../fixtures/compiled.ts'
import { verifierPool } from './pool.ts'
import { verify } from './verify.ts'

vi.setConfig({ testTimeout: 120_000 }) // on a machine that may be busy

const { folder, dispose } = compiled(['tasks/math-answer/worker.ts'])
afterAll(dispose)
const worker = pathToFileURL(join(folder, 'tasks', 'math-answer', 'worker.js'))

/** A thread that does something else when a response says so. */
function faulty(name: string, fault: string): URL {
  const path = join(folder, `${name}.mjs`)
  writeFileSync(
    path,
    `import { parentPort } from 'node:worker_threads'
     import { verify } from '${pathToFileURL(join(folder, 'tasks', 'math-answer', 'verify.js')).href}'
     parentPort.postMessage('ready')
     parentPort.on('message', ({ pairs }) => {
       if (pairs.some(([, response]) => response === 'bad')) { ${fault} }
       parentPort.postMessage(pairs.map(([gold, response]) => verify(gold, response)))
     })`,
  )
  return pathToFileURL(path)
}

const pairs = Array.from({ length: 100 }, (_, i) => [String(i), `\\boxed{${i - (i % 3)}}`] as const)
const expected = pairs.map(([gold, response]) => verify(gold, response))

test('verdicts come in order and are those of verify, for one thread and for two', async () => {
  for (const threads of [1, 2]) {
    const pool = verifierPool({ worker, threads })
    expect(await pool.verify(pairs)).toEqual(expected)
    expect(await pool.verify(pairs.slice(0, 3))).toEqual(expected.slice(0, 3))
    expect(await pool.verify([])).toEqual([])
    await pool.close()
  }
})

test('where no thread starts, verdicts are made here', async () => {
  const pool = verifierPool({ worker: pathToFileURL(join(folder, 'nowhere.mjs')) })
  expect(await pool.verify(pairs.slice(0, 3))).toEqual(expected.slice(0, 3))
})

test('a pair that hangs, kills or fills its thread is undecided, and costs no other pair its verdict', async () => {
  const faults = {
    hang: 'for (;;);',
    die: 'process.exit(1)',
    throw: "throw new Error('no')",
    grow: 'const a = []; for (;;) a.push(new Array(1000).fill(a))',
  }
  for (const [name, fault] of Object.entries(faults)) {
    const pool = verifierPool({ worker: faulty(name, fault), deadlineMs: 4000, maxMemoryMb: 64 })
    const verdicts = await pool.verify([...pairs.slice(0, 5), ['7', 'bad'], ...pairs.slice(5, 10)])
    expect([name, verdicts[5]?.verdict]).toEqual([name, 'undecided'])
    expect(verdicts.toSpliced(5, 1)).toEqual(expected.slice(0, 10))
    await pool.close()
  }
})
