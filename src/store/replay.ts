/**
 * How a resumed run gets back the weights that were lost with its process: the newest checkpoint, then every logged update
 * after it, made again from its rollouts file. Nothing is sampled, and an update is deterministic, so the weights are the
 * same bytes, and a checkpoint at every step is not needed.
 */
import type { StepReport, Trainer } from '../engine/engine.ts'
import { EngineError } from '../errors.ts'
import { checkCheckpoint, checkFile, latestCheckpoint } from './checkpoint.ts'
import type { RunEvent, StepEvent } from './events.ts'
import type { Run } from './run.ts'

/**
 * Makes a logged update again. EngineError when it does not give the logged report: then the weights would not be those of
 * the run either.
 */
export async function replay(run: Run, trainer: Trainer, event: StepEvent): Promise<void> {
  if (event.report === undefined) return
  const report = await trainer.step(await run.examples(event), event.update)
  const differing = differences(event.report, report)
  if (differing.length === 0) return
  throw new EngineError(
    `${run.directory}: step ${event.step} made again gives other numbers than its log, ${differing.join(', ')}; ` +
      'resume with the version of tapo and the kind of machine that began the run',
  )
}

/** DataError when a file that resuming reads is missing or was changed: of the newest checkpoint, or the rollouts of a later step. */
export async function checkReplay(directory: string, events: readonly RunEvent[]): Promise<void> {
  const checkpoint = latestCheckpoint(directory, events)
  if (checkpoint !== undefined) await checkCheckpoint(directory, checkpoint)
  const first = checkpoint?.step ?? 0
  for (const event of events) if (event.type === 'step' && event.step > first) await checkFile(directory, event.rollouts)
}

function differences(logged: StepReport, again: StepReport): string[] {
  const names = Object.keys(logged) as (keyof StepReport)[]
  return names.filter((name) => logged[name] !== again[name]).map((name) => `${name} ${again[name]} where ${logged[name]} is logged`)
}
