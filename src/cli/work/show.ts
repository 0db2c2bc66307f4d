/** What `tapo show` does. */
import { UsageError } from '../../errors.ts'
import { openModel } from '../../experiments/model.ts'
import { latestCheckpoint } from '../../store/checkpoint.ts'
import type { StepEvent } from '../../store/events.ts'
import { type GroupRecord, readGroups, readRun, type RunRecord } from '../../store/reader.ts'
import type { Tokenizer } from '../../text/tokenizer.ts'
import type { ShowOptions } from '../commands/show.ts'
import { terminal } from '../terminal.ts'
import { figuresTable } from '../views/figures.ts'
import { groupsTable, groupText } from '../views/group.ts'
import { runOverview, summaryOf } from '../views/runs.ts'
import { jsonOf } from './json.ts'

export async function show(directory: string, options: ShowOptions): Promise<void> {
  const run = readRun(directory)
  const step = options.step ?? (options.problem === undefined ? undefined : lastStepWith(run, options.problem))
  if (step === undefined) showRun(run, options)
  else await showStep(run, step, options)
}

function showRun(run: RunRecord, { json = false }: ShowOptions): void {
  console.log(json ? jsonOf({ ...summaryOf(run), events: run.events }) : runOverview(run, terminal().paint))
}

async function showStep(run: RunRecord, step: number, { problem, model, json = false }: ShowOptions): Promise<void> {
  const groups = await readGroups(run, step)
  const shown = problem === undefined ? groups : groups.filter((group) => group.problem.id === problem)
  if (shown.length === 0)
    throw new UsageError(`${problem}: not a problem of step ${step}, which has ${groups.map((group) => group.problem.id).join(', ')}`)
  if (json) console.log(jsonOf(shown))
  else await printGroups(run, shown, { isWhole: problem !== undefined, model, event: run.steps.find((each) => each.step === step) })
}

async function printGroups(
  run: RunRecord,
  groups: readonly GroupRecord[],
  { isWhole, model, event }: { isWhole: boolean; model: string | undefined; event: StepEvent | undefined },
): Promise<void> {
  const { paint, width } = terminal()
  if (!isWhole) {
    console.log(groupsTable(groups, width, paint))
    if (event !== undefined) console.log(`\n${figuresTable(event, paint)}`)
    console.log(paint('dim', `\none of them: tapo show ${run.directory} --step N --problem ID`))
    return
  }
  const tokenizer = await tokenizerOf(run, model)
  console.log(groups.map((group) => groupText(group, { tokenizer, width, paint })).join('\n\n'))
  if (tokenizer === undefined)
    console.log(paint('dim', '\nno checkpoint yet: name the model with --model DIR to see the parts of constructions'))
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
