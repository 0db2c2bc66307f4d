/**
 * From a configuration to parts that can be looked at before anything is computed: the model's shape, its tokenizer, the task, the
 * method, the loop's settings. Reading them checks them. No engine is started and nothing is written.
 */
import { existsSync } from 'node:fs'
import { onlyKept } from '../coldstart/filter.ts'
import { type Mixture, readMixture } from '../coldstart/mixture-file.ts'
import { askingRows, learnRows, rowProblems } from '../coldstart/rows-method.ts'
import type { Config, MethodConfig, TaskConfig } from '../config/config.ts'
import type { Sampling } from '../engine/engine.ts'
import { UsageError } from '../errors.ts'
import { grpo } from '../methods/grpo.ts'
import type { Method } from '../methods/method.ts'
import { opsd } from '../methods/opsd.ts'
import { sftConstructed } from '../methods/sft-constructed.ts'
import { sft } from '../methods/sft.ts'
import { tapo } from '../methods/tapo.ts'
import { gsm8kTask } from '../tasks/gsm8k/gsm8k.ts'
import { mathTask } from '../tasks/math/math.ts'
import { miniTask } from '../tasks/mini/mini.ts'
import type { Misfits, ProblemSet, Task } from '../tasks/task.ts'
import type { TrainSettings } from '../train.ts'
import type { Judge } from '../types.ts'
import { misfits, refuseNoRoom } from './fit.ts'
import { type Model, openModel } from './model.ts'

export interface Prepared extends Model {
  readonly config: Config
  readonly task: Task
  readonly method: Method
  readonly rows?: Mixture // what is learnt in place of the task's training problems
  readonly settings: TrainSettings
}

/**
 * Reads everything that the configuration names. UsageError or DataError for what is missing or does not fit together. `learns`: the problems to
 * learn from are asked, and must fit into the model's context as those to evaluate on must.
 */
export async function prepare(config: Config, { learns = true }: { readonly learns?: boolean } = {}): Promise<Prepared> {
  const model = await openModel(config.model.path, config.model.templateVariables)
  const task = keptOf(await taskOf(config.task, misfitsOf(config, model, learns)), config.rollout.only)
  const asks = !learns || config.rollout.groupSize > 0 || config.evaluation.everySteps > 0
  if (asks && config.task.kind !== 'mini') refuseNoRoom(model, config.rollout.maxTokens)
  const rows = config.method.kind === 'rows' && config.method.file !== '' ? await readMixture(config.method.file) : undefined
  return { config, ...model, task, method: methodOf(config.method, rows), ...(rows && { rows }), settings: settingsOf(config) }
}

/** The task with only those training problems that a file names. */
function keptOf(task: Task, only: string): Task {
  if (only === '') return task
  const train = onlyKept(task.problems('train'), only)
  return { ...task, problems: (split) => (split === 'train' ? train : task.problems(split)) }
}

/** What a run learns from: the task's training problems, or rows in their place. UsageError where rows are to be learnt and none are named. */
export function lessonsOf({ config, task, rows }: Prepared): { readonly problems: ProblemSet; readonly task: Judge } {
  if (rows !== undefined) return { problems: rowProblems(rows.rows), task: askingRows(task) }
  if (config.method.kind === 'rows')
    throw new UsageError('method.file: not given; name a file of tapo coldstart build with --set method.file=FILE')
  return { problems: task.problems('train'), task }
}

/** UsageError names the option for a folder of files that is not there. */
export async function taskOf(config: TaskConfig, tooLong: Misfits = {}): Promise<Task> {
  switch (config.kind) {
    case 'mini':
      return miniTask(config)
    case 'gsm8k':
      if (!existsSync(config.data))
        throw new UsageError(`${config.data}: no such folder; name the one that holds GSM8K's train.jsonl and test.jsonl with --data DIR`)
      return gsm8kTask(config, tooLong)
    case 'math':
      return mathTask(config, tooLong)
    default:
      return config satisfies never
  }
}

/** Problems of files are looked through; generated ones are short by their making. */
function misfitsOf({ task, rollout }: Config, model: Model, learns: boolean): Misfits {
  if (task.kind === 'mini' || rollout.maxTokens >= model.modelConfig.contextLength) return {} // where nothing fits, that is said once
  const asked = misfits(model, rollout.maxTokens)
  const isDivided = task.kind === 'math' && task.developmentShare > 0 // and what is held out is asked
  return { asked, ...(learns && (rollout.groupSize > 0 || isDivided) && { learnt: asked }) }
}

function methodOf(config: MethodConfig, mixture: Mixture | undefined): Method {
  switch (config.kind) {
    case 'tapo':
      return tapo(config)
    case 'grpo':
      return grpo(config)
    case 'opsd':
      return opsd(config)
    case 'sft':
      return sft(config)
    case 'sft-constructed':
      return sftConstructed(config)
    case 'rows':
      return learnRows(mixture?.rows ?? [], config)
    default:
      return config satisfies never
  }
}

/** How attempts are drawn, `count` for each problem. */
export function samplingOf({ rollout }: Config, count: number): Sampling {
  const { maxTokens, temperature, topK, topP, minP, stop } = rollout
  return { count, maxTokens, temperature, topK, topP, minP, stop }
}

export function settingsOf(config: Config): TrainSettings {
  const { seed, steps, saveEverySteps, rollout, optimizer, evaluation } = config
  const { learningRate, warmupSteps, schedule, maxGradientNorm, ...rest } = optimizer
  return {
    seed,
    steps,
    problemsPerStep: rollout.problems,
    replacements: rollout.replacements,
    sampling: samplingOf(config, rollout.groupSize),
    optimizer: { ...rest, maxGradientNorm: maxGradientNorm === 0 ? Infinity : maxGradientNorm },
    schedule: { kind: schedule, learningRate, warmupSteps, steps },
    evaluateEverySteps: evaluation.everySteps,
    checkpointEverySteps: saveEverySteps,
  }
}
