/**
 * `node scripts/hostile-training.mjs [STEPS]`: what a thousand hostile answers do to a live training run that judges through the same pool
 * in the same process. The starter trains on a math data set in its own words, first alone, then while all of them are judged, twice over:
 * seconds of a step, the longest pause of the event loop, and the process's memory.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setUp } from './setup.mjs'

setUp()
const { assemble, experiment, prepare, train } = await import('../dist/index.js')

const HOSTILE = 1000
const LONGEST = 1_000_000 // characters
const steps = Number(process.argv[2] ?? 8)
const folder = mkdtempSync(join(tmpdir(), 'tapo-hostile-'))
process.on('exit', () => rmSync(folder, { recursive: true }))

const data = join(folder, 'sums.jsonl')
const sum = (i) => ({ problem: `rings is ${1 + (i % 4)} . gems is rings plus ${1 + (i % 5)} . gems ?`, answer: 2 + (i % 4) + (i % 5) })
writeFileSync(data, Array.from({ length: 400 }, (_, i) => `${JSON.stringify(sum(i))}\n`).join(''))

const hostile = Array.from({ length: HOSTILE }, (_, i) => {
  const many = (text, times) => text.repeat(times + (i % 100))
  const forms = [
    `9^9^9^${i}`,
    `(${700 + i}!)!`,
    `2^{2^{${30 + i}}}`,
    `\\binom{${1_000_000_000 + i}}{500000000}`,
    many('(', 5000) + many(')', 5000),
    many('\\frac{1}{', 2000),
    many('9', 100_000),
    `(x+y+z+w)^{${200 + i}}`,
    many('\\boxed{', 2000),
    many('\\sqrt{', 300),
    many('x', LONGEST),
  ]
  return `\\boxed{${forms[i % forms.length]}}`
})

const megabytes = () => Math.round(process.memoryUsage().rss / 1e6)

/** Trains `steps` steps; `beside` begins once the first, which warms up, is done. */
async function run(name, beside = () => Promise.resolve('')) {
  const config = experiment('quick').make()
  const task = {
    kind: 'math',
    data,
    evaluation: [],
    fields: { problem: '', answer: '', solution: '', id: '' },
    developmentShare: 0.1,
    badRows: 'refuse',
  }
  const prepared = await prepare({ ...config, steps, saveEverySteps: 0, task, evaluation: { ...config.evaluation, everySteps: 0 } })
  const { parts, close } = await assemble(prepared, { directory: join(folder, name), resume: false })
  const delay = monitorEventLoopDelay({ resolution: 5 })
  const seconds = []
  let work = Promise.resolve('')
  for await (const progress of train(parts)) {
    if (progress.type !== 'step') continue
    if (progress.step === 1) {
      delay.enable()
      work = beside(prepared.task)
    } else seconds.push(progress.timing.seconds.total)
  }
  delay.disable()
  const verdicts = await work
  await close()
  seconds.sort((a, b) => a - b)
  const median = seconds[seconds.length >> 1] ?? Number.NaN
  console.log(`${name}: step ${median.toFixed(2)} s, longest pause ${(delay.max / 1e6).toFixed(0)} ms, ${megabytes()} MB${verdicts}`)
}

async function judgeAll(task) {
  const problem = { id: 'hostile', question: '', answer: '7' }
  const begun = performance.now()
  const verdicts = await task.verifyMany(hostile.map((answer) => [problem, answer]))
  const right = verdicts.filter(({ reward }) => reward === 1).length
  return `; ${verdicts.length} hostile answers in ${((performance.now() - begun) / 1000).toFixed(1)} s, ${right} right`
}

await run('alone')
for (const name of ['with them', 'again', 'and again']) await run(name, judgeAll)
process.exit()
