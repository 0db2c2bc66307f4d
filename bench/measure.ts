/** Runs cases in processes of their own, ours and PyTorch's by turns, so that a slow minute of the machine touches both. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Case } from './cases.ts'

/** What a process prints: one entry per repetition. */
export interface Result {
  readonly seconds: readonly number[]
  readonly tokens: readonly number[]
  readonly peakRssMb: number
}

export interface Figures {
  readonly tokensPerSecond: number // median; floating-point operations per second for the peak
  readonly seconds: number // median
  readonly peakRssMb: number // of the process, at most
}

export interface Runners {
  readonly threads: number
  readonly rounds: number // processes of each side
  readonly pythons: Readonly<Record<'torch' | 'trl', string | undefined>> // with that package; undefined: ours alone
}

const OURS = fileURLToPath(new URL('./ours.js', import.meta.url))
const PEERS = {
  torch: fileURLToPath(new URL('./torch_baseline.py', import.meta.url)),
  trl: fileURLToPath(new URL('./trl_baseline.py', import.meta.url)),
}

export async function measure(
  benchCase: Case,
  { threads, rounds, pythons }: Runners,
): Promise<{ ours: Figures; theirs: Figures | undefined }> {
  const [ours, theirs]: [Result[], Result[]] = [[], []]
  const argument = JSON.stringify({ ...benchCase, microRows: benchCase.shape.microRows, threads })
  for (let round = 0; round < rounds; round++) {
    ours.push(await run(process.execPath, [OURS, argument]))
    const python = benchCase.peer && pythons[benchCase.peer]
    if (benchCase.peer && python) theirs.push(await run(python, [PEERS[benchCase.peer], argument]))
  }
  return { ours: figures(ours), theirs: theirs.length === 0 ? undefined : figures(theirs) }
}

function figures(results: readonly Result[]): Figures {
  const seconds = results.flatMap((result) => result.seconds)
  const rates = results.flatMap((result) => result.seconds.map((duration, at) => (result.tokens[at] as number) / duration))
  return { tokensPerSecond: median(rates), seconds: median(seconds), peakRssMb: Math.max(...results.map((result) => result.peakRssMb)) }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

function run(command: string, args: readonly string[]): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve(JSON.parse(output) as Result)
      else reject(new Error(`${command}: ended with ${signal ?? `exit code ${code}`}; ${args.join(' ')}`))
    })
  })
}
