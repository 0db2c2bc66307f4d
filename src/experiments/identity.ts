/** What makes two runs the same run: everything that changes a result, as the run's log records and compares it. */
import type { Config, TaskConfig } from '../config/config.ts'
import { parseSource } from '../data/source.ts'
import type { Json } from '../store/events.ts'
import { hashFolder, hashJson, hashProblems } from '../store/hash.ts'
import type { RunIdentity } from '../store/identity.ts'
import { lessonsOf, type Prepared } from './prepare.ts'
import { packageVersion } from './version.ts'

/** Hashes the model's files and the problems to learn and to evaluate on. */
export async function identityOf(prepared: Prepared): Promise<RunIdentity> {
  const { config, model, task, rows } = prepared
  const learnt = rows?.hash ?? hashProblems(lessonsOf(prepared).problems)
  return {
    config: recordedConfig(config),
    data: hashJson([learnt, hashProblems(task.problems('development'))]),
    model: await hashFolder(model),
    steps: config.steps,
    ...(task.sources && { sources: task.sources }),
    package: `tapo@${packageVersion()}`,
  }
}

/** The configuration without what changes no result: where the files are (their contents are hashed), how fast it is computed, an empty table. */
export function recordedConfig(config: Config): Json {
  const { out: _, engine: __, model, task, rollout, method, ...rest } = config
  const { only: ___, ...attempts } = rollout
  const { file: ____, ...learning } = { file: '', ...method }
  const { templateVariables } = model
  const given = Object.keys(templateVariables).length > 0 ? { model: { templateVariables } } : {}
  return { ...rest, task: recordedTask(task), method: learning, rollout: attempts, ...given } as unknown as Json
}

/** Sets to evaluate on by their names alone. */
function recordedTask(task: TaskConfig): object {
  const { data: _, ...problems } = { data: '', ...task }
  return problems.kind === 'math' ? { ...problems, evaluation: problems.evaluation.map((each) => parseSource(each).name) } : problems
}
