/**
 * THE LOOP. Parts in, run out: attempt, make examples, update, record; evaluate and checkpoint when due. It names no
 * method, engine or task. A resumed run loads its newest checkpoint, repeats the logged updates after it, and goes on.
 */
import type { Policy, Sampling, Trainer, Update } from './engine/engine.ts'
import type { Method } from './methods/method.ts'
import type { Schedule } from './schedule.ts'
import type { EvaluationRecord, RunEvent } from './store/events.ts'
import type { Run } from './store/run.ts'
import type { ProblemSet, Task } from './tasks/task.ts'
import type { Tokenizer } from './text/tokenizer.ts'

export interface TrainSettings {
  readonly seed: number // integer >= 0
  readonly steps: number // all steps of the run
  readonly problemsPerStep: number
  readonly sampling: Sampling
  readonly optimizer: Omit<Update, 'objective' | 'learningRate'>
  readonly schedule: Schedule
  readonly evaluateEverySteps: number // also before the first step and after the last; 0 = never
  readonly checkpointEverySteps: number // also after the last step; 0 = only then
}

export interface TrainParts {
  readonly run: Run // open; the loop closes neither it nor the trainer
  readonly trainer: Trainer // with the starting weights
  readonly tokenizer: Tokenizer
  readonly task: Task
  readonly problems: ProblemSet
  readonly method: Method
  readonly evaluate?: (policy: Policy) => Promise<EvaluationRecord>
  readonly settings: TrainSettings
  readonly signal?: AbortSignal // stops between steps; the run can be resumed
}

/** What the loop is about to do. */
export interface Phase {
  readonly type: 'phase'
  readonly phase: 'replay' | 'rollout' | 'method' | 'update' | 'evaluation' | 'checkpoint'
  readonly step: number
}

/** Everything worth showing: each phase as it begins, each event once it is in the log. */
export type Progress = Phase | RunEvent

/**
 * Runs to the last step; `for await (const progress of train(parts))` drives it. Errors: EngineError when an update is not finite (the log then
 * ends in `failed`), StoreError when something cannot be written.
 */
export declare function train(parts: TrainParts): AsyncGenerator<Progress, void>
