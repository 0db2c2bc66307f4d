/** What `tapo show` does. */
import { valueAt } from '../../config/keys.ts'
import { UsageError } from '../../errors.ts'
import { openModel } from '../../experiments/model.ts'
import { latestCheckpoint } from '../../store/checkpoint.ts'
import { type GroupRecord, readGroups, readRun, type RunRecord } from '../../store/reader.ts'
import type { Tokenizer } from '../../text/tokenizer.ts'
import type { ShowOptions } from '../commands/show.ts'
import { terminal } from '../terminal.ts'
import { figuresTable } from '../views/figures.ts'
import { groupText, type Zone } from '../views/group.ts'
import { groupsTable } from '../views/groups.ts'
import { runOverview } from '../views/overview.ts'
import { summaryOf } from '../views/runs.ts'
import { commandName, quoted } from './invocation.ts'
import { jsonOf } from './json.ts'

export async function show(directory: string, options: ShowOptions): Promise<void> {
  const run = readRun(directory)
  const step = options.step ?? (options.problem === undefined ? undefined : lastStepWith(run, options.problem))
  if (step === undefined) showRun(run, options)
  else await showStep(run, step, options)
}

function showRun(run: RunRecord, { json = false }: ShowOptions): void {
  if (json) {
    console.log(jsonOf({ ...summaryOf(run), events: run.events }))
    return
  }
  const place = terminal()
  const last = run.steps.at(-1)
  console.log(runOverview(run, place))
  if (last !== undefined) console.log(place.paint('dim', `\nthe problems of a step: ${showCommand(run, last.step)}`))
}

async function showStep(run: RunRecord, step: number, { problem, model, json = false }: ShowOptions): Promise<void> {
  const groups = await readGroups(run, step)
  const shown = problem === undefined ? groups : groups.filter((group) => group.problem.id === problem)
  if (problem !== undefined && shown.length === 0)
    throw new UsageError(`${problem}: not a problem of step ${step}, which has ${groups.map((group) => group.problem.id).join(', ')}`)
  if (json) console.log(jsonOf(shown))
  else if (problem === undefined) printStep(run, step, shown)
  else await printProblem(run, step, { groups: shown, model })
}

/** The problems of a step and its figures. */
function printStep(run: RunRecord, step: number, groups: readonly GroupRecord[]): void {
  const { paint, width } = terminal()
  const event = run.steps.find((each) => each.step === step)
  const example = groups.find(({ constructions }) => constructions.length > 0) ?? groups[0]
  if (groups.length > 0) console.log(`${groupsTable(groups, width, paint)}\n`)
  if (event !== undefined) console.log(figuresTable(event, width, paint))
  if (example !== undefined) console.log(paint('dim', `\none of them: ${showCommand(run, step)} --problem ${quoted(example.problem.id)}`))
}

interface Shown {
  readonly groups: readonly GroupRecord[]
  readonly model: string | undefined
}

async function printProblem(run: RunRecord, step: number, { groups, model }: Shown): Promise<void> {
  const { paint, width } = terminal()
  const tokenizer = await tokenizerOf(run, model)
  console.log(groups.map((group) => groupText(group, { step, zone: zoneOf(run), tokenizer, width, paint })).join('\n\n'))
  if (tokenizer === undefined)
    console.log(paint('dim', '\nno checkpoint yet: name the model with --model DIR to see the parts of constructions, and demonstrations'))
}

function showCommand({ directory }: RunRecord, step: number): string {
  return `${commandName()} show ${quoted(directory)} --step ${step}`
}

/** Where the run's method tries corrections. */
function zoneOf({ started }: RunRecord): Zone | undefined {
  const [minRight, minWrong] = ['minRight', 'minWrong'].map((name) => valueAt(started?.config ?? null, `method.zone.${name}`))
  return typeof minRight === 'number' && typeof minWrong === 'number' ? { minRight, minWrong } : undefined
}

/** Of the folder that was named, else of the newest checkpoint; undefined where there is none yet. */
async function tokenizerOf(run: RunRecord, model: string | undefined): Promise<Tokenizer | undefined> {
  if (model === undefined && latestCheckpoint(run.directory, run.events) === undefined) return undefined
  return (await openModel(model ?? run.directory)).tokenizer
}

function lastStepWith(run: RunRecord, problem: string): number {
  const found = run.steps.findLast(({ problems }) => problems.includes(problem))
  if (found === undefined) throw new UsageError(`${problem}: no step of ${run.directory} had this problem`)
  return found.step
}
