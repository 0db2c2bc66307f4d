/** Gathers what the report at the end of a run shows. */
import type { Config } from '../../config/config.ts'
import { experiments } from '../../experiments/experiments.ts'
import type { Prepared } from '../../experiments/prepare.ts'
import { pickSpecimen, type Specimen, trajectoryParts } from '../../report/specimen.ts'
import { readRows, readRun, type RunRecord } from '../../store/reader.ts'
import type { RolloutRow } from '../../store/rollout-rows.ts'
import type { Split } from '../../tasks/task.ts'
import type { TrainOptions } from '../commands/train.ts'
import type { Terminal } from '../terminal.ts'
import { reportText, type NextCommand } from '../views/report.ts'
import { commandName, quoted, trainCommand } from './invocation.ts'

export interface ReportRequest {
  readonly target: string // what was trained, as it was typed
  readonly options: TrainOptions // likewise
  readonly directory: string // of the run
  readonly place: Terminal
}

export async function report(prepared: Prepared, { target, options, directory, place: { width, paint } }: ReportRequest): Promise<string> {
  const run = readRun(directory)
  const specimen = await findSpecimen(run, prepared)
  const next = nextCommands(prepared, { run, specimen, target, options })
  return reportText({ directory, evaluations: run.evaluations, specimen, next }, width, paint)
}

const STEPS_LOOKED_AT = 8
const MOST_MERIT = 2

/** Of the latest steps: one with the most merit, and of these the newest. */
async function findSpecimen(run: RunRecord, prepared: Prepared): Promise<Specimen | undefined> {
  const steps = run.steps.filter(({ metrics }) => (metrics['trained.construction'] ?? 0) > 0).slice(-STEPS_LOOKED_AT)
  let best: { specimen: Specimen; merit: number } | undefined
  for (const { step } of steps.toReversed()) {
    const rows = await readRows(run, step)
    const meritOf = (each: RolloutRow): number => merit(each, rows, prepared)
    const row = pickSpecimen(rows, meritOf)
    const parts = row && trajectoryParts(row, prepared.tokenizer)
    if (row === undefined || parts === undefined) continue
    const found = { specimen: { step, row, parts }, merit: meritOf(row) }
    if (best === undefined || found.merit > best.merit) best = found
    if (found.merit === MOST_MERIT) break
  }
  return best?.specimen
}

/** Where the task knows the first error of the attempt: 1 for a construction that keeps it just through that, 2 if it says of it what the task says. */
function merit(row: RolloutRow, rows: readonly RolloutRow[], { task, tokenizer }: Prepared): number {
  const attempt = rows.find(({ kind, group, index }) => kind === 'rollout' && group === row.group && index === row.source)
  const { problem: id = '', question = '', gold: answer = '', promptLength, prefixLength = 0, diagnosisLength = 0 } = row
  const truth = task.correct?.({ id, question, answer }, attempt?.text ?? '')
  const text = (from: number, length: number): string => tokenizer.decode(row.tokens.subarray(from, from + length)).trim()
  if (truth === undefined || text(promptLength, prefixLength) !== attempt?.text?.slice(0, truth.keep).trim()) return 0
  return text(promptLength + prefixLength, diagnosisLength) === truth.diagnosis.trim() ? MOST_MERIT : 1
}

interface Outcome {
  readonly run: RunRecord
  readonly specimen: Specimen | undefined
  readonly target: string
  readonly options: TrainOptions
}

function nextCommands({ config, task }: Prepared, { run: { directory, steps }, specimen, target, options }: Outcome): NextCommand[] {
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
  const split = splitToAsk(config)
  const question = quoted(task.problems(split).at(0).question)
  const compare =
    config.method.kind === 'tapo' && steps.length > 0
      ? { command: baselineCommand(target, options), what: 'the same without corrections, to compare' }
      : { command: `${tapo} eval ${folder}${dataFlag(config.task)} --split ${split}`, what: `measure it on the ${split} problems` }
  return [...(steps.length > 0 ? [look] : []), { command: `${tapo} sample ${folder} ${question}`, what: 'ask the trained model' }, compare]
}

/** What the model was not trained on: test problems where the task has them. */
function splitToAsk({ task }: Config): Split {
  return task.kind === 'math' && task.evaluation.length === 0 ? 'development' : 'test'
}

/** A run does not record where its task's files are. */
function dataFlag(task: Config['task']): string {
  return 'data' in task ? ` --data ${quoted(task.data)}` : ''
}

/** GRPO with everything else as it was: by name where it has one. */
function baselineCommand(target: string, options: TrainOptions): string {
  const named = `${target}-grpo`
  if (experiments.some(({ name }) => name === named)) return trainCommand(named, options)
  return trainCommand(target, options, '--set method.kind=grpo')
}
