/** What `tapo train` does: configures, checks, runs the loop under the eyes of the person, reports. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readVerdict } from '../../coldstart/verdict-file.ts'
import type { Config } from '../../config/config.ts'
import { assemble, type Assembly } from '../../experiments/assemble.ts'
import { prepare, type Prepared } from '../../experiments/prepare.ts'
import { budgetOf, estimate } from '../../experiments/budget.ts'
import { rehearse } from '../../experiments/rehearse.ts'
import { lastRunFolder, newRunFolder } from '../../experiments/run-folder.ts'
import { UsageError } from '../../errors.ts'
import type { RunEvent } from '../../store/events.ts'
import { train as loop } from '../../train.ts'
import type { TrainOptions } from '../commands/train.ts'
import { exitCodes } from '../failure.ts'
import { interrupt } from '../interrupt.ts'
import { live, type Live } from '../live.ts'
import { terminal, type Terminal } from '../terminal.ts'
import { budgetText } from '../views/budget.ts'
import { introText } from '../views/intro.ts'
import { rehearsalText } from '../views/rehearsal.ts'
import { notReadyText } from '../views/verdict.ts'
import { configure } from './configure.ts'
import { jsonOf } from './json.ts'
import { follow } from './follow.ts'
import { resumeCommand } from './invocation.ts'
import { report } from './report.ts'

export async function train(target: string, options: TrainOptions): Promise<void> {
  const config = await configure(target, options)
  if (options.engine !== undefined) return showBudget(config, options)
  const prepared = await prepare(config)
  const directory = options.resume === true ? lastRunFolder(config) : newRunFolder(config)
  const warning = options.resume === true ? '' : startWarning(config)
  if (options.dryRun === true) {
    if (warning !== '') process.stderr.write(`${warning}\n`)
    await showRehearsal(prepared, directory, options)
    return
  }
  const { resume = false, json = false } = options
  await runTraining(prepared, {
    directory,
    resume,
    json,
    again: resumeCommand(target, directory, options),
    warning,
    conclude: async () => (json ? '' : report(prepared, { target, options, directory, place: terminal() })),
  })
}

/** What there is to say of the model that a method begins from which builds corrections; '' where nothing is. */
function startWarning({ model: { path }, method }: Config): string {
  const verdict = 'zone' in method && existsSync(join(path, 'events.jsonl')) ? readVerdict(path) : undefined
  return verdict === undefined || verdict.passes ? '' : notReadyText(verdict, path, terminal().paint)
}

async function showRehearsal(prepared: Prepared, directory: string, { json = false, resume = false }: TrainOptions): Promise<void> {
  const found = await rehearse(prepared, { directory, resume })
  console.log(json ? jsonOf({ config: prepared.config, ...found }) : rehearsalText(prepared.config, found, terminal().paint))
}

/** Opens nothing: a model and data that are elsewhere need not be here. */
function showBudget(config: Config, { engine = {}, dryRun = false, json = false }: TrainOptions): void {
  if (!dryRun) throw new UsageError('--engine: states an engine elsewhere, which only --dry-run can plan for')
  const { sample, score, train: trained } = engine
  if (sample === undefined || score === undefined || trained === undefined)
    throw new UsageError('--engine: needs sample, score and train in tokens per second, like sample=20000,score=90000,train=15000')
  const stated = { prompt: 200, answer: config.rollout.maxTokens / 2, ...engine, sample, score, train: trained }
  const budget = budgetOf(config, stated)
  const found = estimate(budget, stated)
  console.log(
    json ? jsonOf({ config, engine: stated, budget, ...found }) : budgetText(config, { budget, engine: stated, found }, terminal().paint),
  )
}

export interface RunRequest {
  readonly directory: string
  readonly resume: boolean
  readonly json: boolean
  readonly again: string // the command that goes on with the run
  readonly warning?: string // said before the first step; '' says nothing
  readonly conclude: (assembly: Assembly) => Promise<string> // what is printed of a run that is done
}

/** Runs the loop under the eyes of the person. */
export async function runTraining(prepared: Prepared, request: RunRequest): Promise<void> {
  const { directory, resume, json, again, warning = '' } = request
  const place = terminal()
  const view = live(json ? { ...place, isLive: false } : place)
  let assembly: Assembly | undefined
  const stop = interrupt(
    () => tell(view, place, json, 'stopping: a step in hand is finished first, Ctrl-C again abandons it'),
    () => {
      view.end()
      assembly?.parts.run.close()
      process.stderr.write(`abandoned; the run is whole up to the last step: ${again}\n`)
    },
  )
  try {
    view.show(() => `loading ${prepared.config.model.path} ...`)
    assembly = await assemble(prepared, { directory, resume, signal: stop.signal })
    const { events } = assembly.parts.run
    if (!json) view.print(introText({ config: prepared.config, directory, ...(resume && { stepsDone: stepsIn(events) }) }, place))
    if (warning !== '' && json) process.stderr.write(`${warning}\n`)
    else if (warning !== '') view.print(`${warning}\n`)
    await drive(assembly, prepared.config, { view, place, json })
    view.end()
    await finish(prepared, assembly, request)
  } finally {
    view.end()
    stop.end()
    await assembly?.close()
  }
}

/** Runs the loop to its end or to Ctrl-C. */
async function drive(
  { parts }: Assembly,
  config: Config,
  { view, place, json }: { view: Live; place: Terminal; json: boolean },
): Promise<void> {
  const width = place.isLive ? place.width : Infinity
  for await (const progress of loop(parts)) {
    if (!json) follow(progress, parts.run.events, { view, paint: place.paint, width, config })
    else if (progress.type !== 'phase') view.print(jsonOf(progress))
  }
}

/** The report of a run that is done, or how to go on with one that is not. */
async function finish(prepared: Prepared, assembly: Assembly, { json, again, conclude }: RunRequest): Promise<void> {
  const { events } = assembly.parts.run
  if (events.at(-1)?.type !== 'finished') {
    process.stderr.write(`stopped after step ${stepsIn(events)} of ${prepared.config.steps}; go on with: ${again}\n`)
    process.exitCode = exitCodes.interrupted
    return
  }
  const said = await conclude(assembly)
  if (said !== '') console.log(json ? said : `\n${said}`)
}

function stepsIn(events: readonly RunEvent[]): number {
  return events.findLast((event) => event.type === 'step')?.step ?? 0
}

function tell(view: Live, { paint }: Terminal, json: boolean, text: string): void {
  if (json) process.stderr.write(`${text}\n`)
  else view.print(paint('yellow', text))
}
