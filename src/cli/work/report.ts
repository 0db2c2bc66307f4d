/** Gathers what the report at the end of a run shows. */
import type { Prepared } from '../../experiments/prepare.ts'
import { readRows, readRun, type RunRecord } from '../../store/reader.ts'
import type { Terminal } from '../terminal.ts'
import { pickSpecimen, reportText, type NextCommand, type Specimen } from '../views/report.ts'
import { trajectoryParts } from '../views/trajectory.ts'
import { commandName, quoted } from './invocation.ts'

export interface ReportRequest {
  readonly target: string // what was trained, as it was typed
  readonly directory: string // of the run
  readonly place: Terminal
}

export async function report(prepared: Prepared, { target, directory, place: { width, paint } }: ReportRequest): Promise<string> {
  const run = readRun(directory)
  const specimen = await findSpecimen(run, prepared)
  const next = nextCommands(prepared, { run, specimen, target })
  return reportText({ directory, evaluations: run.evaluations, specimen, next }, width, paint)
}

/** Of the latest step that has one. */
async function findSpecimen(run: RunRecord, { tokenizer }: Prepared): Promise<Specimen | undefined> {
  for (const { step, metrics } of run.steps.toReversed()) {
    if (!metrics['trained.construction']) continue
    const row = pickSpecimen(await readRows(run, step))
    const parts = row && trajectoryParts(row, tokenizer)
    if (row !== undefined && parts !== undefined) return { step, row, parts }
  }
  return undefined
}

interface Outcome {
  readonly run: RunRecord
  readonly specimen: Specimen | undefined
  readonly target: string
}

function nextCommands({ config, task }: Prepared, { run: { directory, steps }, specimen, target }: Outcome): NextCommand[] {
  const tapo = commandName()
  const folder = quoted(directory)
  const problem = specimen?.row.problem
  const look =
    problem === undefined
      ? { command: `${tapo} show ${folder} --step ${steps.at(-1)?.step ?? 1}`, what: 'what happened in the last step' }
      : {
          command: `${tapo} show ${folder} --step ${specimen?.step} --problem ${quoted(problem)}`,
          what: 'every attempt at that problem, and every correction',
        }
  const question = quoted(task.problems('test').at(0).question)
  const compare =
    config.method.kind === 'tapo'
      ? { command: `${tapo} train ${quoted(target)} --set method.kind=grpo`, what: 'the same without corrections, to compare' }
      : { command: `${tapo} eval ${folder} --split test`, what: 'measure it on the test problems' }
  return [look, { command: `${tapo} sample ${folder} ${question}`, what: 'ask the trained model' }, compare]
}
