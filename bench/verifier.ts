/**
 * Verdicts a second of one core's time, on the pairs of corpus/verifier.jsonl, each judged once: whole numbers, and all else that is no
 * attack. Time is the processor's, so that a busy machine changes little. Where a Python with Math-Verify is named, the same pairs go through it in the same run.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { hostilePairs } from '../src/tasks/math-answer/fixtures/hostile.ts'
import { verify } from '../src/tasks/math-answer/verify.ts'

interface Pair {
  readonly gold: string
  readonly response: string
  readonly category: string
  readonly kind: string
}

export interface VerifierRow {
  readonly measure: string // 'verifier integer' or 'verifier LaTeX'
  readonly pairs: number
  readonly verdictsPerSecond: number
  readonly medianMs: number
  readonly mathVerifyPerSecond?: number
}

const corpus = (name: string): string => fileURLToPath(new URL(`../../../corpus/${name}`, import.meta.url))

export function verifierRows(python: string | undefined): VerifierRow[] {
  const lines = readFileSync(corpus('verifier.jsonl'), 'utf8').trimEnd().split('\n')
  const pairs = lines.map((line) => JSON.parse(line) as Pair).filter(({ kind }) => kind !== 'adversarial')
  const isInteger = ({ response }: Pair): boolean => /\\boxed\{-?\d+\}[^\\]*$/.test(response)
  const integers = pairs.filter((pair) => pair.category === 'integer' && isInteger(pair))
  const repeated = Array.from({ length: 50 }, () => integers).flat() // a few milliseconds would say nothing
  return [
    rowOf('verifier integer', repeated, python),
    rowOf(
      'verifier LaTeX',
      pairs.filter(({ category }) => category !== 'integer'),
      python,
    ),
  ]
}

function rowOf(measure: string, pairs: readonly Pair[], python: string | undefined): VerifierRow {
  for (const { gold, response } of pairs.slice(0, 200)) verify(gold, response) // warms up
  const begun = process.cpuUsage()
  const times = pairs.map(({ gold, response }) => {
    const start = performance.now()
    verify(gold, response)
    return performance.now() - start
  })
  const { user, system } = process.cpuUsage(begun)
  const seconds = (user + system) / 1e6
  const medianMs = times.toSorted((a, b) => a - b)[times.length >> 1] as number
  const row = { measure, pairs: pairs.length, verdictsPerSecond: pairs.length / seconds, medianMs }
  return python === undefined ? row : { ...row, mathVerifyPerSecond: mathVerify(python, pairs) }
}

/** The hostile pair that takes most of the processor's time. */
export function slowestHostile(): string {
  const times = hostilePairs().map(([what, gold, response]) => {
    const begun = process.cpuUsage()
    verify(gold, response)
    const { user, system } = process.cpuUsage(begun)
    return { what, ms: (user + system) / 1000 }
  })
  const { what, ms } = times.toSorted((a, b) => b.ms - a.ms)[0] as (typeof times)[number]
  return `verifier hostile  ${times.length} pairs, slowest ${ms.toFixed(0)} ms: ${what}`
}

/** On at most 500 of the pairs, evenly taken: it is slower. */
function mathVerify(python: string, pairs: readonly Pair[]): number {
  const every = Math.ceil(pairs.length / 500)
  const some = pairs.filter((_, index) => index % every === 0)
  const input = some.map(({ gold, response }) => JSON.stringify({ gold, response })).join('\n')
  const { status, stdout, stderr } = spawnSync(python, [corpus('math_verify_pairs.py'), '--seconds'], { input, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${python}: ${stderr}`)
  return some.length / Number(stdout)
}

export function verifierLine({ measure, verdictsPerSecond, medianMs, mathVerifyPerSecond }: VerifierRow): string {
  const peer =
    mathVerifyPerSecond === undefined
      ? ''
      : `, Math-Verify ${Math.round(mathVerifyPerSecond)}/s, ratio ${(verdictsPerSecond / mathVerifyPerSecond).toFixed(1)}`
  return `${measure.padEnd(18)}${Math.round(verdictsPerSecond)} verdicts/s, median ${medianMs.toFixed(3)} ms${peer}`
}
