/** One case in a process of its own: `node ours.js '<case as JSON>'` prints `{ seconds, tokens, peakRssMb }`, as torch_baseline.py does. */
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Case } from './cases.ts'
import type { Result } from './measure.ts'
import { prepare } from './work.ts'

const benchCase = JSON.parse(process.argv[2] ?? '') as Case & { readonly threads: number }
const folders: string[] = []
process.on('exit', () => {
  for (const folder of folders) rmSync(dirname(folder), { recursive: true, force: true })
})

const once = await prepare(benchCase, benchCase.threads, folders)
await once() // warms up
const [seconds, tokens]: [number[], number[]] = [[], []]
for (let repetition = 0; repetition < benchCase.repetitions; repetition++) {
  const started = performance.now()
  tokens.push(await once())
  seconds.push((performance.now() - started) / 1000)
}
const result: Result = { seconds, tokens, peakRssMb: Math.ceil(process.resourceUsage().maxRSS / 1024) }
process.stdout.write(JSON.stringify(result), () => process.exit())
