/** One case in a process of its own: `node ours.js '<case as JSON>'` prints `{ seconds, tokens, peakRssMb }`, as torch_baseline.py does. */
import type { Case } from './cases.ts'
import type { Result } from './measure.ts'
import { prepare } from './work.ts'

const benchCase = JSON.parse(process.argv[2] ?? '') as Case & { readonly threads: number }
const once = await prepare(benchCase, benchCase.threads)
await once() // warms up
const [seconds, tokens]: [number[], number[]] = [[], []]
for (let repetition = 0; repetition < benchCase.repetitions; repetition++) {
  const started = performance.now()
  tokens.push(await once())
  seconds.push((performance.now() - started) / 1000)
}
const result: Result = { seconds, tokens, peakRssMb: Math.ceil(process.resourceUsage().maxRSS / 1024) }
process.stdout.write(JSON.stringify(result), () => process.exit())
