/**
 * The dry run: whether a run could begin in its folder, what it would need on this machine, and whether that is there. It opens the
 * folder as the run would and takes that back; otherwise it reads and measures.
 */
import { totalmem } from 'node:os'
import { DataError, StoreError } from '../errors.ts'
import { firstProblems } from '../evaluation/evaluate.ts'
import { WeightFiles } from '../model/weight-files.ts'
import { parameterShapes } from '../model/config.ts'
import { noRoom } from '../rollout/no-room.ts'
import { openFolder } from '../store/opening.ts'
import { checkReplay } from '../store/replay.ts'
import { engineOptions } from './assemble.ts'
import { forecast, type Forecast } from './forecast.ts'
import { identityOf } from './identity.ts'
import { freeBytes, measureSpeed } from './machine.ts'
import { lessonsOf, type Prepared } from './prepare.ts'
import type { Lengths } from './workload.ts'

export interface Rehearsal extends Forecast {
  readonly directory: string
  readonly speed: number // floating-point operations per second in matrix products
  readonly threads: number
  readonly freeDiskMb: number
  readonly memoryMb: number // of the machine
  readonly problems: { readonly train: number; readonly development: number }
}

const PROBLEMS_LOOKED_AT = 64

export interface RehearseOptions {
  readonly directory: string // of the run
  readonly resume: boolean
}

/**
 * Throws what opening the folder would throw; DataError for files to resume from that are not as they were written, for weights that do
 * not fit the model's shape and for problems too long for it; StoreError for too small a disk.
 */
export async function rehearse(prepared: Prepared, { directory, resume }: RehearseOptions): Promise<Rehearsal> {
  await rehearseOpening(prepared, { directory, resume })
  const { config, task, model, modelConfig } = prepared
  await checkWeights(model, modelConfig)
  const { threads } = engineOptions(config)
  const speed = await measureSpeed(threads)
  const predicted = forecast(config, modelConfig, lengthsOf(prepared), { speed, threads })
  const freeDiskMb = freeBytes(directory) / 1e6
  if (freeDiskMb < predicted.diskMb) {
    throw new StoreError(
      `${directory}: the run will write about ${Math.ceil(predicted.diskMb)} MB, ${Math.floor(freeDiskMb)} MB are free; make room, or save less often (saveEverySteps)`,
    )
  }
  const problems = { train: lessonsOf(prepared).problems.size, development: task.problems('development').size }
  return { ...predicted, directory, speed, threads, freeDiskMb, memoryMb: totalmem() / 1e6, problems }
}

async function rehearseOpening(prepared: Prepared, { directory, resume }: RehearseOptions): Promise<void> {
  const opening = openFolder(directory, resume ? 'resume' : 'create', await identityOf(prepared))
  try {
    await checkReplay(directory, opening.events)
  } finally {
    opening.withdraw()
  }
}

/** Names and shapes of every weight; the values are not read. */
async function checkWeights(model: string, modelConfig: Prepared['modelConfig']): Promise<void> {
  const files = await WeightFiles.open(model)
  try {
    files.check(parameterShapes(modelConfig))
  } finally {
    await files.close()
  }
}

/** Means over the first problems; every one of them must fit into the context. */
function lengthsOf(prepared: Prepared): Lengths {
  const { config, tokenizer, modelConfig } = prepared
  const { maxTokens, groupSize } = config.rollout
  const { problems: all, task } = lessonsOf(prepared)
  const problems = firstProblems(all, PROBLEMS_LOOKED_AT)
  const prompts = problems.map((problem) => tokenizer.prompt(task.ask(problem)).length)
  prompts.forEach((length, i) => {
    const fact = groupSize > 0 ? noRoom(length, { maxTokens, contextLength: modelConfig.contextLength }) : undefined
    if (fact !== undefined) throw new DataError(`problem ${problems[i]?.id}: ${fact}; leave it out, or lower rollout.maxTokens`)
  })
  const answers = problems.map(({ solution }) => (solution === undefined ? maxTokens / 2 : tokenizer.encode(solution).length + 1))
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  return { prompt: mean(prompts), answer: Math.min(maxTokens, mean(answers)) }
}
