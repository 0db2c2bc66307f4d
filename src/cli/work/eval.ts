/** What `tapo eval` does. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import { localTrainer } from '../../engine/local/trainer.ts'
import { UsageError } from '../../errors.ts'
import { engineOptions } from '../../experiments/assemble.ts'
import { evaluatePolicy } from '../../experiments/evaluation.ts'
import { experiment } from '../../experiments/experiments.ts'
import { modelFolder } from '../../experiments/model.ts'
import { prepare } from '../../experiments/prepare.ts'
import type { Json } from '../../store/events.ts'
import { readRun } from '../../store/reader.ts'
import type { EvalOptions } from '../commands/eval.ts'
import { live } from '../live.ts'
import { terminal } from '../terminal.ts'
import { evaluationText } from '../views/evaluation.ts'
import { duration } from '../views/format.ts'
import { altered } from './configure.ts'
import { jsonOf } from './json.ts'

export async function evaluateModel(path: string, options: EvalOptions): Promise<void> {
  const prepared = await prepare(evaluationConfig(path, options))
  const trainer = await localTrainer({ model: prepared.model, ...engineOptions(prepared.config) })
  try {
    const start = performance.now()
    const view = live(terminal(process.stderr), process.stderr)
    view.show(() => `evaluating ... ${duration((performance.now() - start) / 1000)}`)
    const evaluation = await evaluatePolicy(prepared, await trainer.policy(), options.split).finally(() => view.end())
    const seconds = (performance.now() - start) / 1000
    const result = { model: prepared.model, step: stepOf(path), temperature: prepared.config.rollout.temperature, ...evaluation, seconds }
    console.log(options.json === true ? jsonOf(result) : evaluationText(result, terminal().paint))
  } finally {
    await trainer.close()
  }
}

/** The run's own configuration, or the experiment of the task, with the flags. */
function evaluationConfig(path: string, { task, data, problems, samples, temperature, greedy, seed, set = [] }: EvalOptions): Config {
  const flags = {
    'evaluation.problems': problems,
    'evaluation.samples': samples,
    'rollout.temperature': temperature,
    'evaluation.greedy': greedy,
  }
  const assignments = Object.entries(flags).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]))
  const overrides = { model: path, set: [...assignments, ...set], ...(data !== undefined && { data }), ...(seed !== undefined && { seed }) }
  return altered(baseOf(path, task), overrides, () => 'config')
}

function baseOf(path: string, task: EvalOptions['task']): Json {
  modelFolder(path) // tells what a path is that is no model
  const own = isRun(path) ? readRun(path).started?.config : undefined
  if (own !== undefined && task === undefined) return own
  if (task === undefined) throw new UsageError(`${path}: not a run, so name the task with --task mini or --task gsm8k`)
  return experiment(task === 'mini' ? 'quick' : 'gsm8k').make() as unknown as Json
}

function isRun(path: string): boolean {
  return existsSync(join(path, 'events.jsonl'))
}

/** Updates behind the weights of a run's newest checkpoint. */
function stepOf(path: string): number | undefined {
  return isRun(path) ? readRun(path).checkpoints.at(-1)?.step : undefined
}
