/**
 * What a run's log may say: one event a line in `events.jsonl`. The first says what was asked for, the others what came
 * of it. Everything that depends on the clock, the machine or an interruption stands in `timing`, and nowhere else, so
 * two logs of the same config and seed are equal once `timing` is taken out. This file knows no files: see log.ts.
 */
import { z } from 'zod'
import type { PolicyVersion, StepReport, Update } from '../engine/engine.ts'
import { DataError } from '../errors.ts'
import type { TaskSource } from '../tasks/task.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** The only part of an event that may differ between equal runs. */
export interface Timing {
  readonly at: string // ISO 8601, UTC
  readonly session: number // how often the run was opened to write: 1 for the first time, one more for each resume
  readonly seconds?: Readonly<Record<string, number>> // wall time by part: a step's are named in ../rollout/stopwatch.ts
  readonly peakRssMb?: number // of the process so far
}

interface Header {
  readonly v: 1 // version of this vocabulary
  readonly seq: number // 0, 1, 2 ... without gaps
  readonly timing: Timing
}

/** Named SHA-256 sums, hex. */
export interface Hashes {
  readonly config: string // of the canonical JSON of `config`
  readonly data: string
  readonly model: string
}

/** Always the first event. */
export interface StartedEvent extends Header {
  readonly type: 'started'
  readonly package: string // 'tapo@0.1.0'
  readonly steps: number // planned
  readonly config: Json // resolved: every key with its value
  readonly hashes: Hashes
  readonly sources?: readonly TaskSource[] // the files that problems come from, where there are any
}

/** A file of the run folder. */
export interface FileRecord {
  readonly path: string // below the run folder, with '/'
  readonly bytes: number
  readonly sha256: string // hex
}

/** One optimizer step, complete with its rollouts file. `report` is absent when the step had nothing to train on. */
export interface StepEvent extends Header {
  readonly type: 'step'
  readonly step: number // 1 is the first
  readonly problems: readonly string[] // ids, in order of the step's groups
  readonly rollouts: FileRecord
  readonly update: Update
  readonly report?: StepReport
  readonly metrics: Readonly<Record<string, number>>
}

/** A checkpoint is complete when this is in the log. */
export interface CheckpointEvent extends Header {
  readonly type: 'checkpoint'
  readonly step: number
  readonly directory: string // below the run folder, e.g. 'checkpoints/step-000100'
  readonly files: readonly FileRecord[] // by path
}

/** The result of one evaluation, in the store's terms. */
export interface EvaluationRecord {
  readonly name: string // what was evaluated on, e.g. 'mini/development'
  readonly samples: number // answers for each problem
  readonly problems: readonly string[] // ids
  readonly right: readonly number[] // right answers of `samples`, for each problem
  readonly figures: Readonly<Record<string, number>>
}

/** The policy after `step` updates, evaluated; step 0 is the starting model. */
export interface EvaluationEvent extends Header, EvaluationRecord {
  readonly type: 'evaluation'
  readonly step: number
}

/** The update of `step` could not be made. The run can be resumed; the same config fails in the same place. */
export interface FailedEvent extends Header {
  readonly type: 'failed'
  readonly step: number
  readonly error: string
  readonly examples: readonly string[] // ids of the batch
  readonly checkpoint: string | null // the last complete one
}

/** What the run's own figures warn of, once; training goes on. */
export interface WarningEvent extends Header {
  readonly type: 'warning'
  readonly step: number // the last one before it
  readonly text: string
}

/** All planned steps are done. */
export interface FinishedEvent extends Header {
  readonly type: 'finished'
  readonly steps: number
}

export type RunEvent = StartedEvent | StepEvent | CheckpointEvent | EvaluationEvent | WarningEvent | FailedEvent | FinishedEvent

type WithoutHeader<E> = E extends RunEvent ? Omit<E, keyof Header> : never

/** An event before the log gives it its number and time. */
export type EventBody = WithoutHeader<RunEvent> & { readonly timing?: Pick<Timing, 'seconds' | 'peakRssMb'> }

/** JSON has no infinities and no NaN: they are written as these strings. */
const figure = z.union([z.number(), z.enum(['Infinity', '-Infinity', 'NaN']).transform(Number)])
const figures = z.record(z.string(), figure)
const count = z.int().min(0)
const text = z.string()
const file = z.strictObject({ path: text, bytes: count, sha256: text })
const timing = z.strictObject({
  at: text,
  session: count,
  seconds: z.record(text, z.number()).exactOptional(),
  peakRssMb: z.number().exactOptional(),
})
const header = { v: z.literal(1), seq: count, timing }

const objective = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('policy-gradient'), clipLow: figure, clipHigh: figure }),
  z.strictObject({ kind: z.literal('likelihood') }),
  z.strictObject({
    kind: z.literal('divergence'),
    direction: z.enum(['forward', 'reverse', 'jsd']),
    cap: figure,
    teacher: count.transform((updates) => updates as PolicyVersion),
  }),
])
const update = z.strictObject({
  objective,
  learningRate: figure,
  beta1: figure,
  beta2: figure,
  epsilon: figure,
  weightDecay: figure,
  maxGradientNorm: figure,
})
const report = z.strictObject({
  loss: figure,
  gradientNorm: figure,
  tokens: count,
  clipShare: figure,
  kl: figure,
  entropy: figure,
  logprobDifference: figure,
  divergence: figure.exactOptional(),
})
const source = z.strictObject({
  use: z.enum(['data', 'evaluation']),
  given: text,
  path: text,
  bytes: count,
  sha256: text,
  rows: count,
  leftOut: count,
})
const evaluation = { name: text, samples: count, problems: z.array(text), right: z.array(count), figures }

export const evaluationSchema: z.ZodType<EvaluationRecord> = z.strictObject(evaluation)

const schema: z.ZodType<RunEvent> = z.discriminatedUnion('type', [
  z.strictObject({
    ...header,
    type: z.literal('started'),
    package: text,
    steps: count,
    config: z.json(),
    hashes: z.strictObject({ config: text, data: text, model: text }),
    sources: z.array(source).exactOptional(),
  }),
  z.strictObject({
    ...header,
    type: z.literal('step'),
    step: count,
    problems: z.array(text),
    rollouts: file,
    update,
    report: report.exactOptional(),
    metrics: figures,
  }),
  z.strictObject({ ...header, type: z.literal('checkpoint'), step: count, directory: text, files: z.array(file) }),
  z.strictObject({ ...header, type: z.literal('evaluation'), step: count, ...evaluation }),
  z.strictObject({
    ...header,
    type: z.literal('failed'),
    step: count,
    error: text,
    examples: z.array(text),
    checkpoint: text.nullable(),
  }),
  z.strictObject({ ...header, type: z.literal('warning'), step: count, text }),
  z.strictObject({ ...header, type: z.literal('finished'), steps: count }),
])

/** The event's line, newline included. `decodeEvent` gives back an equal event: numbers are written so that they read back exactly. */
export function encodeEvent(event: RunEvent): string {
  return `${JSON.stringify(event, (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value))}\n`
}

/** Reads a line; `place` ('runs/a/events.jsonl:7') names it in the DataError that a bad one throws. */
export function decodeEvent(line: string, place: string): RunEvent {
  const parsed = schema.safeParse(parseJson(line, place))
  if (parsed.success) return parsed.data
  throw new DataError(`${place}: not an event of this version of tapo, ${z.prettifyError(parsed.error)}`)
}

function parseJson(line: string, place: string): unknown {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw new DataError(`${place}: not JSON, ${line.slice(0, 60)}`, { cause })
  }
}
