/** What `tapo eval` does. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import { parseConfig } from '../../config/parse.ts'
import type { Policy, Trainer } from '../../engine/engine.ts'
import { localTrainer } from '../../engine/local/trainer.ts'
import { UsageError } from '../../errors.ts'
import type { Evaluation } from '../../evaluation/evaluate.ts'
import { unlessAborted } from '../../evaluation/stoppable.ts'
import { engineOptions } from '../../experiments/assemble.ts'
import { evaluateInto, evaluationRequest, type StoreOptions } from '../../experiments/evaluation.ts'
import { experiment } from '../../experiments/experiments.ts'
import { modelFolder } from '../../experiments/model.ts'
import { prepare, type Prepared } from '../../experiments/prepare.ts'
import { evaluationFolder } from '../../experiments/run-folder.ts'
import type { Json, StartedEvent } from '../../store/events.ts'
import { readRun } from '../../store/reader.ts'
import type { Split } from '../../tasks/task.ts'
import type { EvalOptions } from '../commands/eval.ts'
import { exitCodes } from '../failure.ts'
import { interrupt } from '../interrupt.ts'
import { live, type Live } from '../live.ts'
import { terminal } from '../terminal.ts'
import { evaluationText } from '../views/evaluation.ts'
import { duration } from '../views/format.ts'
import { altered } from './configure.ts'
import { fieldNames } from './field-names.ts'
import { jsonOf } from './json.ts'
import { recordedChoice } from './recorded-policy.ts'

const BENCHMARK_SAMPLES = 16
const EVERY_PROBLEM = 1_000_000_000

export async function evaluateModel(path: string, options: EvalOptions): Promise<void> {
  const split = splitOf(options)
  const prepared = await prepare(evaluationConfig(path, options, split), { learns: split !== 'test' })
  const step = stepOf(path)
  const request = await evaluationRequest(prepared, split, step)
  const directory = evaluationFolder({ out: options.out ?? '', model: path, request })
  const start = performance.now()
  const evaluation = await followed(prepared, { directory, request, split })
  if (evaluation === undefined) return
  const seconds = (performance.now() - start) / 1000
  const result = { model: prepared.model, step, temperature: prepared.config.rollout.temperature, directory, ...evaluation, seconds }
  console.log(options.json === true ? jsonOf({ ...result, request }) : evaluationText(result, terminal().paint))
}

/** The evaluation under the eyes of the person; undefined when it was stopped before its end, which is told and is the exit code. */
async function followed(prepared: Prepared, options: Omit<StoreOptions, 'watch'>): Promise<Evaluation | undefined> {
  const view = live(terminal(process.stderr), process.stderr)
  const { watch, standing } = progress(view)
  const stop = interrupt(
    () => {},
    () => view.end(),
  )
  let trainer: Trainer | undefined
  const policy = async (): Promise<Policy> => {
    trainer = await localTrainer({ model: prepared.model, ...engineOptions(prepared.config) })
    if (stop.signal.aborted) await trainer.close() // nobody waits for it any more
    return trainer.policy()
  }
  try {
    const evaluation = await unlessAborted(evaluateInto(prepared, policy, { ...options, watch }), stop.signal)
    if (evaluation !== undefined) return evaluation
    view.end()
    process.stderr.write(`stopped${standing()}; the same command goes on\n`)
    process.exitCode = exitCodes.interrupted
    return undefined
  } finally {
    view.end()
    stop.end()
    await trainer?.close()
  }
}

interface Progress {
  readonly watch: (answered: number, problems: number) => void
  readonly standing: () => string // ' with 3 of 30 problems answered'; '' before anything was asked
}

/** Shows how many problems are answered; greedy answers are a round of their own. */
function progress(view: Live): Progress {
  const start = performance.now()
  let said = ''
  view.show(() => `evaluating${said && `, ${said}`} ... ${duration((performance.now() - start) / 1000)}`)
  return {
    watch(answered, problems) {
      said = `${answered} of ${problems} problems answered`
    },
    standing: () => said && ` with ${said}`,
  }
}

/** Sets that are named are there to be tested on. */
function splitOf({ split, task }: EvalOptions): Split {
  return split ?? (task === undefined || isOwnTask(task) ? 'development' : 'test')
}

function isOwnTask(task: readonly string[]): boolean {
  return task.length === 1 && (task[0] === 'mini' || task[0] === 'gsm8k')
}

/** The run's own configuration, or the experiment of the task, with the flags. */
function evaluationConfig(path: string, options: EvalOptions, split: Split): Config {
  const { task, data, field = [], problems, samples, temperature, maxTokens, greedy, seed, set = [] } = options
  const base = baseOf(path, task)
  const { kind } = parseConfig(base).task
  if (field.length > 0 && kind !== 'math')
    throw new UsageError(`--field: says what the fields of data sets are called, and ${kind} has none`)
  const isBenchmark = split === 'test' && kind === 'math'
  const flags = {
    'evaluation.problems': problems ?? (isBenchmark ? EVERY_PROBLEM : undefined),
    'evaluation.samples': samples ?? (isBenchmark ? BENCHMARK_SAMPLES : undefined),
    'rollout.temperature': temperature,
    'rollout.maxTokens': maxTokens,
    'evaluation.greedy': greedy,
  }
  const assignments = Object.entries(flags).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]))
  const names = Object.entries(fieldNames(field)).map(([name, value]) => `task.fields.${name}=${JSON.stringify(value)}`)
  const overrides = {
    model: path,
    set: [...assignments, ...names, ...set],
    ...(data !== undefined && { data }),
    ...(seed !== undefined && { seed }),
  }
  return altered(base, overrides, () => 'config')
}

function baseOf(path: string, task: EvalOptions['task']): Json {
  modelFolder(path) // tells what a path is that is no model
  const started = isRun(path) ? readRun(path).started : undefined
  if (started !== undefined && task === undefined) return configOf(started)
  if (task === undefined)
    throw new UsageError(`${path}: not a run, so name the task with --task mini, --task gsm8k, or data sets like --task aime-2024=FILE`)
  if (task.includes('mini') && task.length > 1)
    throw new UsageError(
      '--task mini: its problems are generated, and cannot be combined with data sets; evaluate on them with a command of their own',
    )
  if (isOwnTask(task)) return experiment(task[0] === 'mini' ? 'quick' : 'gsm8k').make() as unknown as Json
  const own = started === undefined ? {} : (configOf(started) as { readonly [key: string]: Json })
  return { ...own, task: { kind: 'math', evaluation: task, ...recordedChoice(started) } }
}

/** A run's configuration with the places of its data, which the recorded one leaves out. */
function configOf({ config, sources = [] }: StartedEvent): Json {
  const { task, ...rest } = config as { readonly task: { readonly [key: string]: Json } }
  const given = (use: string): string[] => [...new Set(sources.filter((each) => each.use === use).map((each) => each.given))]
  const [data] = given('data')
  const places = { ...(data !== undefined && { data }), ...(task['kind'] === 'math' && { evaluation: given('evaluation') }) }
  return { ...rest, task: { ...task, ...places } }
}

function isRun(path: string): boolean {
  return existsSync(join(path, 'events.jsonl'))
}

/** Updates behind the weights of a run's newest checkpoint. */
function stepOf(path: string): number | undefined {
  return isRun(path) ? readRun(path).checkpoints.at(-1)?.step : undefined
}
