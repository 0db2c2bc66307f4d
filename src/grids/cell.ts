/** One run of a grid from wherever it stands to its evaluation. What is done is not done again. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { localTrainer } from '../engine/local/trainer.ts'
import { DataError } from '../errors.ts'
import { evaluationRecord } from '../evaluation/evaluate.ts'
import { evaluateUnlessStopped } from '../evaluation/stoppable.ts'
import { type AssembleOptions, assemble, engineOptions } from '../experiments/assemble.ts'
import { evaluatePolicy } from '../experiments/evaluation.ts'
import { modelFolder } from '../experiments/model.ts'
import { prepare } from '../experiments/prepare.ts'
import { type EvaluationRecord, evaluationSchema } from '../store/events.ts'
import { writeWhole } from '../store/files.ts'
import type { Split } from '../tasks/task.ts'
import { type Progress, train } from '../train.ts'
import type { Cell } from './grid.ts'

export interface CellOptions {
  readonly directory: string // of the cell; its run is below
  readonly split: Split
  readonly signal?: AbortSignal // a step in hand is finished, an evaluation is left
  readonly watch?: (news: Progress) => void
  readonly startEngine?: AssembleOptions['startEngine'] // the local engine in its own thread by default
}

/** The evaluation, or undefined when it was stopped before. */
export async function runCell({ config }: Cell, options: CellOptions): Promise<EvaluationRecord | undefined> {
  const { directory, split, signal, watch, startEngine = localTrainer } = options
  const done = readCell(directory)
  if (done !== undefined) return done
  const run = runFolder(directory)
  const prepared = await prepare(config)
  const assembly = await assemble(prepared, { directory: run, resume: existsSync(run), startEngine, ...(signal && { signal }) })
  try {
    for await (const news of train(assembly.parts)) watch?.(news)
  } finally {
    await assembly.close()
  }
  if (signal?.aborted) return undefined
  const trainer = await startEngine({ model: modelFolder(run), ...engineOptions(config) })
  try {
    watch?.({ type: 'phase', phase: 'evaluation', step: config.steps })
    const record = await evaluateUnlessStopped(
      trainer,
      async (policy) => evaluationRecord(await evaluatePolicy(prepared, policy, split)),
      signal,
    )
    if (record !== undefined) await writeWhole(evaluationPath(directory), Buffer.from(`${JSON.stringify(record, undefined, 2)}\n`))
    return record
  } finally {
    await trainer.close()
  }
}

/** The evaluation of a cell that is done, else undefined. DataError names a file that does not hold one. */
export function readCell(directory: string): EvaluationRecord | undefined {
  const path = evaluationPath(directory)
  if (!existsSync(path)) return undefined
  try {
    return evaluationSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    const said = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause)
    throw new DataError(`${path}: not an evaluation, ${said}; delete it to evaluate again`, { cause })
  }
}

export function runFolder(directory: string): string {
  return join(directory, 'run')
}

function evaluationPath(directory: string): string {
  return join(directory, 'evaluation.json')
}
