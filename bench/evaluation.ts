/**
 * What an evaluation costs beside its answers, and how full the batch is that answers it. AIME's size, 30 problems and 16 answers each: a
 * stand-in whose answers are scripted, so that all else is the evaluation's own; and the starter model on the mini-world, rows in use at
 * each decoding step beside the rows that may decode together.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseConfig } from '../src/config/parse.ts'
import type { Policy, Sampling } from '../src/engine/engine.ts'
import { decode } from '../src/engine/local/decoding.ts'
import { decodingGraph } from '../src/engine/local/decoding-graph.ts'
import { rowBytes } from '../src/engine/local/memory.ts'
import { prefill } from '../src/engine/local/prefill.ts'
import { compile } from '../src/engine/local/session.ts'
import { scripted } from '../src/engine/scripted.ts'
import type { EvaluationRequest } from '../src/evaluation/folder.ts'
import { evaluateInto } from '../src/experiments/evaluation.ts'
import { prepare, type Prepared, samplingOf } from '../src/experiments/prepare.ts'
import { quick } from '../src/experiments/quick.ts'
import { readCheckpoint } from '../src/model/checkpoint.ts'
import { fold, seedOf } from '../src/random.ts'

const STARTER = fileURLToPath(new URL('../../../starter', import.meta.url)) // from bench/dist/bench
const PROBLEMS = 30
const SAMPLES = 16
const TOKENS = 400 // of a scripted answer

export interface EvaluationRow {
  readonly measure: 'evaluation'
  readonly seconds: number // of the processor: the whole evaluation
  readonly baseline: number // seconds of it that the scripted engine takes to answer
  readonly fullness: readonly Fullness[]
}

export interface Fullness {
  readonly rows: number // that may decode together
  readonly waiting: number // mean share of them in use while answers wait; NaN where none ever does
  readonly whole: number // mean share over all steps, the last answers' tail included
  readonly steps: number
}

export async function evaluationRow(threads: number): Promise<EvaluationRow> {
  const fullness: Fullness[] = []
  for (const rows of [16, 64, PROBLEMS * SAMPLES]) fullness.push(await fullnessOf(rows, threads))
  return { measure: 'evaluation', ...(await ownCost()), fullness }
}

export function evaluationText({ seconds, baseline, fullness }: EvaluationRow): string {
  const percent = (share: number): string => (Number.isNaN(share) ? 'nothing waits' : `${(100 * share).toFixed(1)} %`)
  return [
    `evaluation  ${PROBLEMS} problems x ${SAMPLES}, scripted: ${seconds.toFixed(2)} s, of which answers ${baseline.toFixed(2)} s, so ${(seconds - baseline).toFixed(2)} s of its own`,
    ...fullness.map(
      ({ rows, waiting, whole, steps }) =>
        `evaluation  ${PROBLEMS} problems x ${SAMPLES}, starter, ${rows} rows: in use while answers wait ${percent(waiting)}, over all ${steps} steps ${percent(whole)}`,
    ),
  ].join('\n')
}

async function ownCost(): Promise<Pick<EvaluationRow, 'seconds' | 'baseline'>> {
  const folder = mkdtempSync(join(tmpdir(), 'tapo-bench-'))
  try {
    const file = join(folder, 'aime.jsonl')
    const row = (i: number): object => ({ problem: `rings is ${i} . rings ?`, answer: (i * 37) % 1000 })
    writeFileSync(file, Array.from({ length: PROBLEMS }, (_, i) => `${JSON.stringify(row(i))}\n`).join(''))
    const prepared = await prepare(
      parseConfig({
        model: { path: STARTER },
        task: { kind: 'math', evaluation: [`aime-2024=${file}`] },
        evaluation: { problems: PROBLEMS, samples: SAMPLES },
        rollout: { maxTokens: TOKENS },
      }),
    )
    const timed = timedPolicy(await scriptedPolicy(prepared))
    const begun = process.cpuUsage()
    await evaluateInto(prepared, () => Promise.resolve(timed.policy), {
      directory: join(folder, 'evaluation'),
      request: nothing,
      split: 'test',
    })
    return { seconds: secondsSince(begun), baseline: timed.seconds() }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What was asked is told where the evaluation is kept; here nobody reads it. */
const nothing: EvaluationRequest = {
  package: 'bench',
  name: 'math/test',
  model: '',
  step: null,
  data: '',
  sources: [],
  settings: {},
  prompt: { problem: '', text: '', tokens: [] },
}

/** Every answer is as long as it may be, and ends in a number. */
async function scriptedPolicy({ tokenizer }: Prepared): Promise<Policy> {
  const words = tokenizer.encode('gems is rings plus 4 . gems is 7 . answer 7 .')
  const answer = Int32Array.from({ length: TOKENS - 1 }, (_, t) => words[t % words.length] as number)
  return scripted({ vocabularySize: tokenizer.vocabularySize, endTokens: tokenizer.endTokens, answers: () => answer }).policy()
}

function timedPolicy(policy: Policy): { readonly policy: Policy; readonly seconds: () => number } {
  let seconds = 0
  const sample: Policy['sample'] = async (requests, sampling) => {
    const begun = process.cpuUsage()
    const answers = await policy.sample(requests, sampling)
    seconds += secondsSince(begun)
    return answers
  }
  return { policy: { ...policy, sample }, seconds: () => seconds }
}

function secondsSince(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun)
  return (user + system) / 1e6
}

/** The starter's own evaluation, in a cache with room for so many rows. */
async function fullnessOf(rows: number, threads: number): Promise<Fullness> {
  const { config: settings, model, task, tokenizer } = await prepare({ ...quick(), model: { path: STARTER, templateVariables: {} } })
  const { config, tensors } = await readCheckpoint(model)
  const sampling: Sampling = samplingOf(settings, SAMPLES)
  const requests = Array.from({ length: PROBLEMS }, (_, i) => {
    return { prompt: tokenizer.prompt(task.ask(task.problems('test').at(i))), seed: fold(seedOf(1), i) }
  })
  const longestPrompt = Math.max(...requests.map(({ prompt }) => prompt.length))
  const prompts = prefill(config, threads)
  const session = await compile(decodingGraph(config), { threads, weights: tensors })
  const used: number[] = []
  const counting: typeof session = {
    ...session,
    run: (feeds) => {
      used.push(feeds['ids']?.shape[0] as number)
      return session.run(feeds)
    },
  }
  const cacheBytes = rows * rowBytes(config, { ...sampling, longestPrompt })
  const parts = { config, cacheBytes, prefill: (tokens: readonly Int32Array[]) => prompts.run(tensors, tokens), stopped: () => false }
  await decode(requests, sampling, { ...parts, session: counting })
  await Promise.all([session.dispose(), prompts.dispose()])
  const lastEntry = used.findLastIndex((count, step) => count > (used[step - 1] ?? Infinity)) // no answer waits after it
  return { rows, waiting: mean(used.slice(0, Math.max(0, lastEntry))) / rows, whole: mean(used) / rows, steps: used.length }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
