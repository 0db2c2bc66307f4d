/** Runs as seen from outside: what the command line, the dashboard and reports read. Never writes, and never needs the lock. */
import { existsSync, readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { DataError, UsageError } from '../errors.ts'
import type { CheckpointEvent, EvaluationEvent, FailedEvent, RunEvent, StartedEvent, StepEvent } from './events.ts'
import { isLocked } from './lock.ts'
import { readLog } from './log.ts'
import type { RolloutRow } from './rollout-rows.ts'
import { readRollouts } from './rollouts.ts'

const LOG = 'events.jsonl'

/**
 * running: a live process holds the lock. interrupted: no process does, and the log does not end in `finished` or `failed`.
 * unreadable: the log is damaged or of another version; only `listRuns` gives such a record.
 */
export type RunState = 'running' | 'finished' | 'interrupted' | 'failed' | 'unreadable'

/** One run, by its log. Events come in the order of the log. */
export interface RunRecord {
  readonly name: string // of the folder
  readonly directory: string
  readonly state: RunState
  readonly started: StartedEvent | undefined // undefined when it was killed before its first event
  readonly events: readonly RunEvent[]
  readonly steps: readonly StepEvent[]
  readonly evaluations: readonly EvaluationEvent[]
  readonly checkpoints: readonly CheckpointEvent[] // complete ones; a directory is below the run's
  readonly failure: FailedEvent | undefined // when state is 'failed'
  readonly updatedAt: string | undefined // ISO 8601, of the last event
  readonly problem: string | undefined // what is wrong with the log when state is 'unreadable'
}

/** One problem of a step with everything that was made of it. */
export interface GroupRecord {
  readonly position: number // in the step
  readonly problem: { readonly id: string; readonly question: string; readonly answer: string }
  readonly attempts: readonly RolloutRow[]
  readonly constructions: readonly RolloutRow[] // refused ones too
  readonly negatives: readonly RolloutRow[] // wrong attempts that the constructed group was given as well
  readonly demonstrations: readonly RolloutRow[] // what was to be imitated
}

/**
 * Every run below `directory`, latest first; [] when there is no such folder. A folder without a log is no run, and a run
 * whose log cannot be read is listed as such. Reads logs only.
 */
export function listRuns(directory: string): RunRecord[] {
  if (!existsSync(directory)) return []
  const names = readdirSync(directory).filter((name) => existsSync(join(directory, name, LOG)))
  return names.map((name) => readOrTell(join(directory, name))).toSorted((a, b) => compare(b.updatedAt ?? '', a.updatedAt ?? ''))
}

/** One run. UsageError when there is none; DataError names a bad line (a torn last one is left out). */
export function readRun(directory: string): RunRecord {
  if (!existsSync(join(directory, LOG))) throw new UsageError(`${directory}: no run here, ${LOG} is missing`)
  const { events } = readLog(join(directory, LOG))
  return recordOf(directory, events, stateOf(directory, events.at(-1)))
}

function readOrTell(directory: string): RunRecord {
  try {
    return readRun(directory)
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    return { ...recordOf(directory, [], 'unreadable'), problem: cause.message }
  }
}

function recordOf(directory: string, events: readonly RunEvent[], state: RunState): RunRecord {
  const last = events.at(-1)
  return {
    name: basename(resolve(directory)),
    directory,
    state,
    started: events[0]?.type === 'started' ? events[0] : undefined,
    events,
    steps: events.filter((event) => event.type === 'step'),
    evaluations: events.filter((event) => event.type === 'evaluation'),
    checkpoints: events.filter((event) => event.type === 'checkpoint'),
    failure: last?.type === 'failed' ? last : undefined,
    updatedAt: last?.timing.at,
    problem: undefined,
  }
}

/** Everything in the file of a logged step: attempts, constructions, and other examples of the batch (negatives, demonstrations). */
export async function readRows(run: RunRecord, step: number): Promise<RolloutRow[]> {
  const event = run.steps.find((each) => each.step === step)
  if (event === undefined) throw new UsageError(`${run.directory}: step ${step} is not in the log, which has ${stepsOf(run)}`)
  return readRollouts(join(run.directory, event.rollouts.path))
}

/** The groups of a logged step, in the step's order. */
export async function readGroups(run: RunRecord, step: number): Promise<GroupRecord[]> {
  const groups = new Map<number, RolloutRow[]>()
  for (const row of await readRows(run, step)) {
    if (row.group !== undefined) groups.set(row.group, [...(groups.get(row.group) ?? []), row])
  }
  return [...groups].map(([position, rows]) => groupRecord(position, rows)).toSorted((a, b) => a.position - b.position)
}

function groupRecord(position: number, rows: readonly RolloutRow[]): GroupRecord {
  const { problem = '', question = '', gold = '' } = rows[0] ?? {}
  return {
    position,
    problem: { id: problem, question, answer: gold },
    attempts: rows.filter((row) => row.kind === 'rollout'),
    constructions: rows.filter((row) => row.kind === 'construction'),
    negatives: rows.filter((row) => row.kind === 'source'),
    demonstrations: rows.filter((row) => row.kind === 'demonstration'),
  }
}

function stateOf(directory: string, last: RunEvent | undefined): RunState {
  if (isLocked(directory)) return 'running'
  return last?.type === 'finished' || last?.type === 'failed' ? last.type : 'interrupted'
}

function stepsOf(run: RunRecord): string {
  const last = run.steps.at(-1)
  return last === undefined ? 'none' : `steps 1 to ${last.step}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
