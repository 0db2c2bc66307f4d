/** Runs as seen from outside: what the command line, the dashboard and reports read. Never writes, and never needs the lock. */
import type { CheckpointEvent, EvaluationEvent, FailedEvent, RunEvent, StartedEvent, StepEvent } from './events.ts'
import type { RolloutRow } from './rollout-rows.ts'

/** running: a live process holds the lock. interrupted: no process does, and the log does not end in `finished` or `failed`. */
export type RunState = 'running' | 'finished' | 'interrupted' | 'failed'

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
}

/** One problem of a step with everything that was made of it. */
export interface GroupRecord {
  readonly position: number // in the step
  readonly problem: { readonly id: string; readonly question: string; readonly answer: string }
  readonly attempts: readonly RolloutRow[]
  readonly constructions: readonly RolloutRow[] // refused ones too
}

/** Every run below `directory`, latest first; [] when there is no such folder. A folder without a log is no run. Reads logs only. */
export declare function listRuns(directory: string): Promise<RunRecord[]>

/** One run. UsageError when there is none; DataError names a bad line (a torn last one is left out). */
export declare function readRun(directory: string): Promise<RunRecord>

/** The groups of a logged step, from its Parquet file. UsageError when the step is not in the log. */
export declare function readGroups(run: RunRecord, step: number): Promise<GroupRecord[]>

/** Everything in the step's file: attempts, constructions, and other examples of the batch (negatives, demonstrations). */
export declare function readRows(run: RunRecord, step: number): Promise<RolloutRow[]>

/** A figure by step for plotting, e.g. 'accuracy', 'report.loss', 'seconds.rollout'; steps without it are left out. */
export declare function curve(run: RunRecord, figure: string): { readonly step: number; readonly value: number }[]

/** All names that `curve` knows in this run, sorted. */
export declare function curveNames(run: RunRecord): string[]
