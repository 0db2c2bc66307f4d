/**
 * The folder of an evaluation:
 *
 *     request.json       what was asked: settings, prompt, hashes of problems and weights
 *     answers/           what was answered so far; gone once the evaluation is done
 *     samples.parquet    every sampled answer with its verdict, in the columns of a run's rollouts files
 *     greedy.parquet     those at temperature 0, where they were asked for
 *     evaluation.json    the request and the figures; there once all of it is
 *
 * All of it is a function of the request.
 */
import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DataError, UsageError } from '../errors.ts'
import type { Json } from '../store/events.ts'
import { writeWhole } from '../store/files.ts'
import { differingValues } from '../store/identity.ts'
import { encodeRollouts } from '../store/rollouts.ts'
import { rolloutRows } from '../store/rollout-rows.ts'
import type { Group } from '../types.ts'
import type { Answers, Evaluation } from './evaluate.ts'

/** Everything that an evaluation's result depends on, and how it was asked. */
export interface EvaluationRequest {
  readonly package: string // recorded, not compared
  readonly name: string // 'math/test'
  readonly model: string // hash of the weights' folder
  readonly step: number | null // updates behind them, where a run made them
  readonly data: string // hash of the problems
  readonly sources: Json // the files they come from; recorded, not compared
  readonly settings: Json // of the sampling, the task, the figures
  readonly prompt: { readonly problem: string; readonly text: string; readonly tokens: readonly number[] } // of the first problem
}

export interface StoredEvaluation {
  readonly request: EvaluationRequest
  readonly evaluation: Evaluation
}

/** Where the answers of an unfinished evaluation are kept. */
export function answersFolder(directory: string): string {
  return join(directory, 'answers')
}

/** The folder's request, undefined where there is none. */
function readRequest(directory: string): EvaluationRequest | undefined {
  const path = join(directory, 'request.json')
  return existsSync(path) ? (parsed(path) as unknown as EvaluationRequest) : undefined
}

/** What a finished evaluation found; undefined where it is not finished. DataError names a file that cannot be read. */
export function readEvaluation(directory: string): StoredEvaluation | undefined {
  const path = join(directory, 'evaluation.json')
  if (!existsSync(path)) return undefined
  const { request, evaluation } = parsed(path) as unknown as Partial<StoredEvaluation>
  if (request === undefined || !Array.isArray(evaluation?.right) || !Array.isArray(evaluation.problems))
    throw new DataError(`${path}: not an evaluation of this version of tapo; delete it to evaluate again`)
  return { request, evaluation }
}

/** JSON has no NaN: figures that do not exist are null there. */
function parsed(path: string): Json {
  try {
    return JSON.parse(readFileSync(path, 'utf8'), (key, value: unknown) => (value === null && key !== 'step' ? Number.NaN : value)) as Json
  } catch (cause) {
    throw new DataError(`${path}: cannot be read, ${cause instanceof Error ? cause.message : String(cause)}; delete it to evaluate again`, {
      cause,
    })
  }
}

/** Whether the folder is free, or holds this evaluation, finished or not. */
export function holds(directory: string, request: EvaluationRequest): boolean {
  const before = readRequest(directory)
  return before === undefined ? !existsSync(directory) : differences(before, request).length === 0
}

/** Begins an evaluation, or goes on with it. UsageError when the folder holds another, or something else. */
export async function openEvaluation(directory: string, request: EvaluationRequest): Promise<void> {
  const before = readRequest(directory)
  if (before === undefined && existsSync(directory))
    throw new UsageError(`${directory}: holds something else than an evaluation; choose another folder (--out)`)
  const differing = before === undefined ? [] : differences(before, request)
  if (differing.length > 0)
    throw new UsageError(`${directory}: holds an evaluation with another ${differing.join(', ')}; choose another folder (--out)`)
  if (before === undefined) await writeJson(join(directory, 'request.json'), request)
}

/** Writes what came out, the figures last, and takes away what was only kept to go on with. */
export async function finishEvaluation(directory: string, { groups, greedy }: Answers, stored: StoredEvaluation): Promise<void> {
  const step = stored.request.step ?? 0
  const files: [string, readonly Group[] | undefined][] = [
    ['samples.parquet', groups],
    ['greedy.parquet', greedy],
  ]
  for (const [name, given] of files)
    if (given) await writeWhole(join(directory, name), encodeRollouts(rolloutRows(given, { constructions: [], examples: [] }), step))
  await writeJson(join(directory, 'evaluation.json'), stored)
  await rm(answersFolder(directory), { recursive: true, force: true })
}

function writeJson(path: string, value: EvaluationRequest | StoredEvaluation): Promise<void> {
  return writeWhole(path, Buffer.from(`${JSON.stringify(value, undefined, 1)}\n`))
}

/** In words for a message. */
function differences(before: EvaluationRequest, now: EvaluationRequest): string[] {
  const compared = ({ package: _, sources: __, ...rest }: EvaluationRequest): Json => rest as unknown as Json
  return differingValues(compared(before), compared(now))
}
