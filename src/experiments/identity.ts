/** What makes two runs the same run: everything that changes a result, as the run's log records and compares it. */
import type { Config } from '../config/config.ts'
import { UsageError } from '../errors.ts'
import type { Json } from '../store/events.ts'
import { hashFolder, hashJson, hashProblems } from '../store/hash.ts'
import { differingKeys } from '../store/identity.ts'
import { readRun } from '../store/reader.ts'
import type { RunIdentity } from '../store/run.ts'
import type { Prepared } from './prepare.ts'
import { packageVersion } from './version.ts'

/** Hashes the model's files and the problems to learn and to evaluate on. */
export async function identityOf({ config, model, task }: Prepared): Promise<RunIdentity> {
  return {
    config: recorded(config),
    data: hashJson([hashProblems(task.problems('train')), hashProblems(task.problems('development'))]),
    model: await hashFolder(model),
    steps: config.steps,
    package: `tapo@${packageVersion()}`,
  }
}

/** Only looks. UsageError when the folder holds no run, or one that was started with another configuration, data or model. */
export async function checkResumable(directory: string, prepared: Prepared): Promise<void> {
  const differing = differingKeys(readRun(directory).started, await identityOf(prepared))
  if (differing.length === 0) return
  throw new UsageError(`${directory}: started with another ${differing.join(', ')}; resume with the same, or start a new run`)
}

/** The configuration without what changes no result: where the files are (their contents are hashed), how fast it is computed, an empty table. */
function recorded(config: Config): Json {
  const { out: _, engine: __, model, task, ...rest } = config
  const { data: ___, ...problems } = { data: '', ...task }
  const { templateVariables } = model
  const given = Object.keys(templateVariables).length > 0 ? { model: { templateVariables } } : {}
  return { ...rest, task: problems, ...given } as unknown as Json
}
