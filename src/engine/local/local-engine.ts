/**
 * The local engine in the calling thread: graphs of graph/ and model/, run by onnxruntime-node. Its calls block the event
 * loop while they compute; trainer.ts puts it into a worker thread.
 */
import { availableParallelism } from 'node:os'
import { readCheckpoint, writeCheckpoint } from '../../model/checkpoint.ts'
import type { ModelConfig } from '../../model/config.ts'
import { loadDecoder } from '../../text/load-tokenizer.ts'
import type { Completion } from '../../types.ts'
import { missingTeacher } from '../divergence.ts'
import type { Answered, Objective, Policy, PolicyVersion, SampleRequest, Trainer } from '../engine.ts'
import { decode } from './decoding.ts'
import { decodingGraph } from './decoding-graph.ts'
import { type OptimizerState, optimizerState, readOptimizer, type Tensors, writeOptimizer } from './optimizer-state.ts'
import { type Prefill, prefill } from './prefill.ts'
import { checkExample, checkPrompt, checkTokens, objectives } from './requests.ts'
import { type Scoring, scoring } from './scoring.ts'
import { compile } from './session.ts'
import { type Snapshot, hold, release, snapshot, writable } from './snapshots.ts'
import { stopFinder } from './stop-strings.ts'
import { type Training, training } from './training.ts'

export interface LocalOptions {
  readonly model: string // a Hugging Face model folder
  readonly threads?: number // default: all cores
  readonly microBatchTokens?: number // tokens that training and scoring compute at once; does not change any result
  readonly activationMb?: number // above it training computes activations twice instead of keeping them; does not change any result
  readonly cacheMb?: number // bounds the key-value cache, and with it the rows that decode together; does not change any result
}

/** Everything but the weights. Graphs are compiled when first needed and kept until closed. */
interface Machinery {
  readonly config: ModelConfig
  readonly threads: number
  readonly cacheBytes: number
  readonly training: Training
  readonly scoring: Scoring
  readonly prefill: Prefill
  readonly stopped: (stop: readonly string[]) => Promise<(tokens: readonly number[]) => boolean>
  readonly held: Set<Snapshot> // by policies
}

/** Loads the model. Throws DataError when the folder does not hold one that can be run exactly. */
export async function localEngine(given: LocalOptions): Promise<Trainer> {
  const { model, threads = availableParallelism(), microBatchTokens = 2048, activationMb = 4096, cacheMb = 2048 } = given
  const { config, tensors } = await readCheckpoint(model)
  const options = { threads, microBatchTokens, activationMb }
  const machinery: Machinery = {
    config,
    threads,
    cacheBytes: cacheMb * 1e6,
    training: training(config, options),
    scoring: scoring(config, options),
    prefill: prefill(config, options),
    held: new Set(),
    stopped: async (stop) => (stop.length === 0 ? () => false : stopFinder(await loadDecoder(model), stop)),
  }
  let current = snapshot(tensors)
  let state: OptimizerState | undefined // made when first trained: an engine that only samples needs no moments
  const version = (): PolicyVersion => (state?.updates ?? 0) as PolicyVersion
  return {
    objectives,
    policy() {
      hold(current, version())
      machinery.held.add(current)
      return Promise.resolve(localPolicy(machinery, current, version()))
    },
    async step(examples, update) {
      for (const example of examples) checkExample(example, config)
      const teacher = teacherWeights(update.objective, version(), machinery.held)
      current = await writable(current)
      state ??= optimizerState(current.weights)
      return machinery.training.step(current.weights, state, examples, update, teacher)
    },
    async save(directory) {
      const moments = state ?? optimizerState(current.weights)
      await writeCheckpoint(directory, {
        config,
        tensors: current.weights,
        source: model,
        also: (folder) => writeOptimizer(folder, moments),
      })
    },
    async load(directory) {
      const { tensors: loaded } = await readCheckpoint(directory)
      current = snapshot(loaded)
      state = await readOptimizer(directory, loaded)
    },
    async close() {
      for (const part of [machinery.training, machinery.scoring, machinery.prefill]) await part.dispose()
    },
  }
}

/** The weights of the version that a divergence names; undefined where those are the current ones. */
function teacherWeights(objective: Objective, current: PolicyVersion, held: Iterable<Snapshot>): Tensors | undefined {
  if (objective.kind !== 'divergence' || objective.teacher === current) return undefined
  const found = [...held].find(({ holders, version }) => holders > 0 && version === objective.teacher)
  return found?.weights ?? missingTeacher(objective)
}

function withoutAnswers(requests: readonly SampleRequest[], answered: Answered): Completion[][] {
  return requests.map((_, i) => {
    answered(i, [])
    return []
  })
}

function localPolicy(machinery: Machinery, held: Snapshot, version: PolicyVersion): Policy {
  const { config, threads, cacheBytes } = machinery
  return {
    version,
    async sample(requests, sampling, answered = () => {}) {
      requests.forEach(({ prompt }, index) => checkPrompt(`prompt ${index}`, prompt, config))
      if (requests.length === 0 || sampling.count === 0) return withoutAnswers(requests, answered)
      await machinery.training.rest()
      held.decoding ??= compile(decodingGraph(config), { threads, spin: true, weights: held.weights })
      return decode(requests, sampling, {
        session: await held.decoding,
        config,
        cacheBytes,
        prefill: (tokens) => machinery.prefill.run(held.weights, tokens),
        stopped: await machinery.stopped(sampling.stop),
        answered,
      })
    },
    async score(requests) {
      requests.forEach(({ tokens }, index) => checkTokens(`sequence ${index}`, tokens, config))
      return machinery.scoring.score(held.weights, requests)
    },
    async release() {
      await release(held)
      if (held.holders === 0) machinery.held.delete(held)
    },
  }
}
