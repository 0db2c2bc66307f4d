/** Everything running: the engine with the model's weights, the run's folder open to write, and the parts that the loop takes. */
import { availableParallelism } from 'node:os'
import type { Config } from '../config/config.ts'
import type { Trainer } from '../engine/engine.ts'
import type { LocalOptions } from '../engine/local/local-engine.ts'
import { localTrainer } from '../engine/local/trainer.ts'
import { evaluationRecord } from '../evaluation/evaluate.ts'
import { constructsNothing } from '../methods/warning.ts'
import { openFolder } from '../store/opening.ts'
import { Run } from '../store/run.ts'
import { reflects } from '../text/markers.ts'
import type { TrainParts } from '../train.ts'
import { evaluatePolicy } from './evaluation.ts'
import { identityOf } from './identity.ts'
import { lessonsOf, type Prepared } from './prepare.ts'
import { keepsInitial } from './workload.ts'

export interface AssembleOptions {
  readonly directory: string // of the run
  readonly resume: boolean
  readonly signal?: AbortSignal // stops the loop between steps
  readonly startEngine?: (options: LocalOptions) => Promise<Trainer> // the local engine in its own thread by default
}

export interface Assembly {
  readonly parts: TrainParts
  /** Gives the folder back and ends the engine. */
  readonly close: () => Promise<void>
}

/** Starts the engine, then opens the folder, so that a model that cannot be loaded leaves nothing behind. */
export async function assemble(prepared: Prepared, options: AssembleOptions): Promise<Assembly> {
  const { config, model, modelConfig, tokenizer, method, settings } = prepared
  const { problems, task } = lessonsOf(prepared)
  const { directory, resume, signal, startEngine = localTrainer } = options
  const identity = await identityOf(prepared)
  openFolder(directory, resume ? 'resume' : 'create', identity).withdraw() // before an engine is started for nothing
  const trainer = await startEngine({ model, ...engineOptions(config) })
  try {
    const run = resume ? await Run.resume(directory, identity) : Run.create(directory, identity)
    const evaluate: TrainParts['evaluate'] = async (policy) => evaluationRecord(await evaluatePolicy(prepared, policy))
    const initial = keepsInitial(config.method) ? { initial: await trainer.policy() } : {} // before the loop loads a checkpoint
    const context = { tokenizer, task, contextLength: modelConfig.contextLength, reflects, ...initial }
    return {
      parts: { ...context, warningOf: constructsNothing, run, trainer, problems, method, evaluate, settings, ...(signal && { signal }) },
      close: async () => {
        run.close()
        await trainer.close()
      },
    }
  } catch (cause) {
    await trainer.close()
    throw cause
  }
}

/** The engine's options with the words that stand for this machine. */
export function engineOptions({ engine }: Pick<Config, 'engine'>): Config['engine'] {
  return { ...engine, threads: engine.threads === 0 ? availableParallelism() : engine.threads }
}
