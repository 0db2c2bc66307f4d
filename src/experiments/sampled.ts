/**
 * Answers to training problems outside of a run: what `tapo coldstart collect` and `tapo filter` keep. Both ask under the same random
 * numbers, and both go on behind what their ledger holds.
 */
import type { Trainer } from '../engine/engine.ts'
import { sampledGroups } from '../coldstart/attempts.ts'
import { UsageError } from '../errors.ts'
import { fold, seedOf } from '../random.ts'
import type { Json } from '../store/events.ts'
import { hashFolder, hashProblems } from '../store/hash.ts'
import { type Asked, openLedger } from '../store/ledger.ts'
import type { Group } from '../types.ts'
import { type Prepared, samplingOf } from './prepare.ts'

const COLLECTION_STREAM = 4 // below the run's seed; the loop has 0, 1 and 2, an evaluation 3

export interface SampledRequest<R> {
  readonly path: string // of the ledger
  readonly kind: string // of its rows
  readonly problems: number // the first so many training problems
  readonly rowsOf: (groups: readonly Group[], first: number) => R[]
  readonly signal?: AbortSignal
  readonly startEngine: () => Promise<Trainer>
}

/** How far it is. */
export interface SampledProgress {
  readonly done: number // problems, those of earlier sessions included
  readonly total: number
}

/** Answers what is missing and keeps it; ends early when asked to stop. Nothing is loaded where nothing is missing. */
export async function* sampleInto<R>(prepared: Prepared, request: SampledRequest<R>): AsyncGenerator<SampledProgress, void> {
  const { config, task, tokenizer, modelConfig } = prepared
  const { path, kind, signal, rowsOf } = request
  const problems = task.problems('train')
  const total = Math.min(request.problems, problems.size)
  if (config.rollout.groupSize === 0) throw new UsageError('rollout.groupSize: 0 attempts; say how many with --set rollout.groupSize=8')
  const ledger = openLedger<R>(path, await askedFor(prepared, kind))
  let trainer: Trainer | undefined
  try {
    let done = ledger.count
    yield { done, total }
    if (done >= total) return
    trainer = await request.startEngine()
    const policy = await trainer.policy()
    const seed = fold(seedOf(config.seed), COLLECTION_STREAM)
    const sampling = samplingOf(config, config.rollout.groupSize)
    const context = { policy, tokenizer, task, sampling, seed, contextLength: modelConfig.contextLength }
    const place = { problems, from: done, to: total, batch: config.rollout.problems, ...(signal && { signal }) }
    for await (const groups of sampledGroups({ ...context, ...place })) {
      ledger.append(rowsOf(groups, done))
      done += groups.length
      yield { done, total }
    }
  } finally {
    await trainer?.close()
    ledger.close()
  }
}

/** What the answers depend on. */
async function askedFor({ config, task, model }: Prepared, kind: string): Promise<Asked> {
  const { data: _, ...problems } = { data: '', ...config.task }
  const { problems: __, only: ___, ...rollout } = config.rollout
  const { templateVariables } = config.model
  const asked = { seed: config.seed, task: problems, rollout, templateVariables }
  return { kind, config: asked as unknown as Json, data: hashProblems(task.problems('train')), model: await hashFolder(model) }
}
