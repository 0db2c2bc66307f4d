/** What `tapo coldstart train` does: an ordinary run on rows, and then the verdict on it. */
import { join } from 'node:path'
import { mixtureFile } from '../../../coldstart/mixture-file.ts'
import { measure } from '../../../coldstart/judge.ts'
import { type Verdict, verdict } from '../../../coldstart/verdict.ts'
import { writeVerdict } from '../../../coldstart/verdict-file.ts'
import type { Config } from '../../../config/config.ts'
import type { Assembly } from '../../../experiments/assemble.ts'
import { fittingRows } from '../../../experiments/coldstart.ts'
import { judgedParts } from '../../../experiments/evaluation.ts'
import { prepare, type Prepared } from '../../../experiments/prepare.ts'
import { dataFolder, lastRunFolder, newRunFolder } from '../../../experiments/run-folder.ts'
import type { EvaluationEvent, Json } from '../../../store/events.ts'
import type { FitOptions } from '../../commands/coldstart.ts'
import { terminal } from '../../terminal.ts'
import { verdictText } from '../../views/verdict.ts'
import { altered, configure } from '../configure.ts'
import { commandName, quoted } from '../invocation.ts'
import { jsonOf } from '../json.ts'
import { runTraining } from '../train.ts'

export async function fit(target: string, options: FitOptions): Promise<void> {
  const config = await fittingConfig(target, options)
  const prepared = await prepare(config)
  const { resume = false, json = false } = options
  const directory = resume ? lastRunFolder(config) : newRunFolder(config)
  await runTraining(prepared, {
    directory,
    resume,
    json,
    again: againCommand(target, directory, options),
    conclude: async (assembly) => {
      const found = await judged(prepared, assembly)
      return json ? jsonOf(found) : verdictText(found, { directory, command: commandName() }, terminal().paint)
    },
  })
}

/** `--set` alters the fit, which has other keys than the experiment. */
async function fittingConfig(target: string, { set = [], rows, ...flags }: FitOptions): Promise<Config> {
  const base = await configure(target, flags)
  const file = rows ?? join(dataFolder({ out: '', name: base.name }), mixtureFile('jsonl'))
  return altered(fittingRows(base, file) as unknown as Json, { set }, () => target)
}

/** Measured under the weights of the last step, and stored beside the log; the same run gives the same bytes. */
async function judged(prepared: Prepared, { parts: { run, trainer } }: Assembly): Promise<Verdict> {
  await run.loadCheckpoint(trainer)
  const policy = await trainer.policy()
  const measured = await measure(judgedParts(prepared, policy))
  await policy.release()
  const evaluations = run.events.filter((event) => event.type === 'evaluation')
  const [before, after] = [evaluations[0], evaluations.at(-1)] as [EvaluationEvent, EvaluationEvent]
  const found = verdict(measured, before, after)
  await writeVerdict(run.directory, found)
  return found
}

function againCommand(target: string, directory: string, { model, data, steps, seed, rows, set = [] }: FitOptions): string {
  const flags = Object.entries({ model, data, steps, seed, rows }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${quoted(String(value))}`],
  )
  const alterations = set.map((each) => `--set ${quoted(each)}`)
  return [commandName(), 'coldstart train', quoted(target), ...flags, ...alterations, `--out ${quoted(directory)}`, '--resume'].join(' ')
}
