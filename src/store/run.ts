/**
 * A run that is being written: its folder, its log and its lock. It knows the order of writes that makes every kill safe, and
 * nothing of training.
 *
 *     runs/<name>/events.jsonl                       the truth; a file that it does not name does not count
 *     runs/<name>/rollouts/step-000123.parquet       written whole before its event
 *     runs/<name>/checkpoints/step-000100/           written whole before its event
 *     runs/<name>/lock                               who is writing
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { StepReport, Trainer, Update } from '../engine/engine.ts'
import type { MethodResult } from '../methods/method.ts'
import type { Example, Group } from '../types.ts'
import { checkCheckpoint, checkFile, latestCheckpoint, writeCheckpoint } from './checkpoint.ts'
import type { CheckpointEvent, EvaluationEvent, EvaluationRecord, EventBody, RunEvent, StepEvent, WarningEvent } from './events.ts'
import { writeWhole } from './files.ts'
import { hashJson } from './hash.ts'
import type { RunIdentity } from './identity.ts'
import { removeLeftovers } from './leftovers.ts'
import { EventLog } from './log.ts'
import { type Opening, openFolder } from './opening.ts'
import { examplesOf, rolloutRows } from './rollout-rows.ts'
import { encodeRollouts, readRollouts } from './rollouts.ts'

/** What the log is told of a step. */
export interface StepRecord {
  readonly step: number
  readonly groups: readonly Group[]
  readonly result: MethodResult
  readonly update: Update
  readonly report: StepReport | undefined // undefined = nothing to train on
  readonly metrics: Readonly<Record<string, number>>
  readonly watch: { seconds(): Readonly<Record<string, number>> } // the step's time until its file is written
}

/** Owns the folder while it is open: one process at a time. */
export class Run {
  readonly directory: string
  readonly #log: EventLog
  readonly #unlock: () => void
  readonly #session: number
  readonly #events: RunEvent[]

  /**
   * A new run; the folder may exist if it is empty. UsageError when it holds a run or anything else, StoreError when it cannot
   * be made, is in use or cannot be written.
   */
  static create(directory: string, identity: RunIdentity): Run {
    const run = Run.#from(openFolder(directory, 'create', identity))
    try {
      run.#start(identity)
      return run
    } catch (cause) {
      run.close()
      throw cause
    }
  }

  /**
   * Goes on with a run that was killed, stopped or failed: a torn last line is taken away, and so is every file that the log
   * does not name. UsageError when there is none, or when config, data or model are not those it was started with (the
   * differing keys are named).
   */
  static async resume(directory: string, identity: RunIdentity): Promise<Run> {
    const run = Run.#from(openFolder(directory, 'resume', identity))
    try {
      await removeLeftovers(directory, run.#events)
      if (run.#events.length === 0) run.#start(identity)
      return run
    } catch (cause) {
      run.close()
      throw cause
    }
  }

  static #from(opening: Opening): Run {
    try {
      return new Run(opening, new EventLog(opening.log, opening.bytes))
    } catch (cause) {
      opening.withdraw()
      throw cause
    }
  }

  private constructor({ directory, events, release }: Opening, log: EventLog) {
    this.directory = directory
    this.#events = [...events]
    this.#log = log
    this.#unlock = release
    this.#session = (events.at(-1)?.timing.session ?? 0) + 1
  }

  get events(): readonly RunEvent[] {
    return this.#events
  }

  /** Whether the log has this of `step`. */
  has(type: 'step' | 'checkpoint' | 'evaluation', step: number): boolean {
    return this.#events.some((event) => event.type === type && event.step === step)
  }

  /** Adds an event, on the disk when this returns. */
  append<B extends EventBody>(body: B): Extract<RunEvent, { type: B['type'] }> {
    const { timing, ...rest }: EventBody = body
    const at = new Date().toISOString()
    const header = { v: 1, seq: this.#events.length } as const
    const event = { ...header, ...rest, timing: { at, session: this.#session, ...timing } } satisfies RunEvent
    this.#log.append(event)
    this.#events.push(event)
    return event as Extract<RunEvent, { type: B['type'] }>
  }

  /** The logged step, undefined when it is still to be made. */
  step(step: number): StepEvent | undefined {
    return this.#events.find((event) => event.type === 'step' && event.step === step) as StepEvent | undefined
  }

  /** The newest complete checkpoint whose folder is still there. */
  latestCheckpoint(): CheckpointEvent | undefined {
    return latestCheckpoint(this.directory, this.#events)
  }

  /** Records what the logged steps warn of, where they do and have not yet. */
  recordWarning(warningOf: ((steps: readonly StepEvent[]) => string | undefined) | undefined): WarningEvent[] {
    if (warningOf === undefined || this.#events.some(({ type }) => type === 'warning')) return []
    const steps = this.#events.filter((event) => event.type === 'step')
    const text = warningOf(steps)
    return text === undefined ? [] : [this.append({ type: 'warning', step: steps.at(-1)?.step ?? 0, text })]
  }

  /** First the file, then the event: a step that is in the log has its file. */
  async recordStep({ step, groups, result, update, report, metrics, watch }: StepRecord): Promise<StepEvent> {
    const path = `rollouts/${stepName(step)}.parquet`
    const bytes = encodeRollouts(rolloutRows(groups, result), step)
    await writeWhole(join(this.directory, path), bytes)
    const rollouts = { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
    const problems = groups.map((group) => group.problem.id)
    const timing = { seconds: watch.seconds(), peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024) }
    return this.append({ type: 'step', step, problems, rollouts, update, ...(report && { report }), metrics: existing(metrics), timing })
  }

  /** The batch of a logged step, exactly as it was trained. DataError when its file is missing or was changed. */
  async examples({ rollouts }: StepEvent): Promise<Example[]> {
    await checkFile(this.directory, rollouts)
    return examplesOf(await readRollouts(join(this.directory, rollouts.path)))
  }

  async saveCheckpoint(step: number, trainer: Trainer): Promise<CheckpointEvent> {
    const start = performance.now()
    const directory = `checkpoints/${stepName(step)}`
    const files = await writeCheckpoint(this.directory, directory, trainer)
    return this.append({ type: 'checkpoint', step, directory, files, timing: { seconds: { total: secondsSince(start) } } })
  }

  /** Evaluates, and records what came out and how long it took; nothing where nothing came out. */
  async recordEvaluation(step: number, evaluate: () => Promise<EvaluationRecord | undefined>): Promise<EvaluationEvent | undefined> {
    const start = performance.now()
    const record = await evaluate()
    return record && this.append({ type: 'evaluation', step, ...record, timing: { seconds: { total: secondsSince(start) } } })
  }

  /**
   * Puts the newest checkpoint's weights into the trainer and tells their step; 0 leaves the starting weights. DataError on
   * a damaged one.
   */
  async loadCheckpoint(trainer: Trainer): Promise<number> {
    const checkpoint = this.latestCheckpoint()
    if (checkpoint === undefined) return 0
    await checkCheckpoint(this.directory, checkpoint)
    await trainer.load(join(this.directory, checkpoint.directory))
    return checkpoint.step
  }

  /** Gives the folder back. */
  close(): void {
    this.#log.close()
    this.#unlock()
  }

  #start({ config, data, model, steps, package: name, sources = [] }: RunIdentity): void {
    const files = sources.length > 0 ? { sources } : {}
    this.append({ type: 'started', package: name, steps, config, hashes: { config: hashJson(config), data, model }, ...files })
  }
}

/** A figure that does not exist in this step (the mean of nothing) is left out. */
function existing(metrics: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => !Number.isNaN(value)))
}

function secondsSince(start: number): number {
  return Math.round(performance.now() - start) / 1000
}

/** 'step-000123' */
function stepName(step: number): string {
  return `step-${String(step).padStart(6, '0')}`
}
