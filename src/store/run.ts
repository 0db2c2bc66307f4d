/**
 * A run that is being written: its folder, its log and its lock. It knows the order of writes that makes every kill safe, and
 * nothing of training.
 *
 *     runs/<name>/events.jsonl                       the truth; a file that it does not name does not count
 *     runs/<name>/rollouts/step-000123.parquet       written before its event
 *     runs/<name>/checkpoints/step-000100/           written before its event
 *     runs/<name>/lock                               who is writing
 */
import type { StepReport, Trainer, Update } from '../engine/engine.ts'
import type { MethodResult } from '../methods/method.ts'
import type { Example, Group } from '../types.ts'
import type { CheckpointEvent, EventBody, Json, RunEvent, StepEvent, Timing } from './events.ts'

/** What makes two runs the same run. */
export interface RunIdentity {
  readonly config: Json // resolved; must hold everything that changes the result, and no path or time that does not
  readonly data: string // hash of the problems, see hash.ts
  readonly model: string // hash of the starting weights
  readonly steps: number
  readonly package: string // 'tapo@0.1.0'; recorded, not compared
}

/** What the log is told of a step. */
export interface StepRecord {
  readonly step: number
  readonly groups: readonly Group[]
  readonly result: MethodResult
  readonly update: Update
  readonly report: StepReport | undefined
  readonly metrics: Readonly<Record<string, number>>
  readonly timing: Pick<Timing, 'seconds' | 'peakRssMb'>
}

/** Owns the folder while it is open: one process at a time. */
export declare class Run {
  readonly directory: string
  readonly events: readonly RunEvent[]

  /** A new run. UsageError when the folder already holds one; StoreError when it is in use or cannot be written. */
  static create(directory: string, identity: RunIdentity): Run
  /**
   * Goes on with a run that was killed, stopped or failed: repairs a torn last line, removes what the log does not name. UsageError when there is none or when
   * config, data or model are not those it was started with (the differing keys are named).
   */
  static resume(directory: string, identity: RunIdentity): Promise<Run>

  /** Adds an event, on the disk when this returns. */
  append(body: EventBody): RunEvent
  step(step: number): StepEvent | undefined
  latestCheckpoint(): CheckpointEvent | undefined
  recordStep(record: StepRecord): Promise<StepEvent>
  /** The batch of a logged step, exactly as it was trained. */
  examples(event: StepEvent): Promise<Example[]>
  saveCheckpoint(step: number, trainer: Trainer): Promise<CheckpointEvent>
  close(): void
}
