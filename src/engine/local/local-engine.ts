/**
 * The local engine in the calling thread: graphs of graph/ and model/, run by onnxruntime-node. Its calls block the event
 * loop while they compute; trainer.ts puts it into a worker thread.
 */
import { availableParallelism } from 'node:os'
import { readCheckpoint, writeCheckpoint } from '../../model/checkpoint.ts'
import type { ModelConfig } from '../../model/config.ts'
import type { Completion } from '../../types.ts'
import { missingTeacher } from '../divergence.ts'
import type { Answered, Objective, Policy, PolicyVersion, SampleRequest, Trainer } from '../engine.ts'
import { laneCount, type Lanes, type LaneThreads, openLanes } from './lanes.ts'
import { isSmall } from './memory.ts'
import type { OptimizerHelp } from './optimizer-help.ts'
import { type OptimizerState, optimizerState, readOptimizer, type Tensors, writeOptimizer } from './optimizer-state.ts'
import { checkExample, checkPrompt, checkTokens, objectives } from './requests.ts'
import { type Snapshot, hold, release, snapshot, writable } from './snapshots.ts'
import { training } from './training.ts'

export interface LocalOptions {
  readonly model: string // a Hugging Face model folder
  readonly threads?: number // default: all cores
  readonly activationMb?: number // layers whose activations would exceed it compute them twice in training; does not change any result
  readonly cacheMb?: number // bounds the key-value cache, and with it the rows that decode together; does not change any result
}

/** Threads besides the calling one. */
export interface EngineThreads {
  readonly lanes: LaneThreads
  readonly optimizer: OptimizerHelp
}

/** Everything but the weights. */
interface Machinery {
  readonly config: ModelConfig
  readonly lanes: Lanes
  readonly held: Set<Snapshot> // by policies
}

/**
 * Loads the model. A small one is computed with in several `threads` at once where there are some (lanes.ts). Throws DataError when the folder
 * does not hold a model that can be run exactly.
 */
export async function localEngine(given: LocalOptions, threads?: EngineThreads): Promise<Trainer> {
  const { model, threads: count = availableParallelism(), activationMb = 1200, cacheMb = 2048 } = given
  const { config, tensors } = await readCheckpoint(model)
  const options = { model, config, threads: count, cacheBytes: cacheMb * 1e6, activationBytes: activationMb * 1e6 }
  const lanes = openLanes(options, laneCount(config, count), threads?.lanes)
  const machinery: Machinery = { config, lanes, held: new Set() }
  const trains = training(config, lanes, count > 1 && !isSmall(config) ? threads?.optimizer : undefined)
  let current = snapshot(tensors, lanes)
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
      const { objective } = update
      const teacher = teacherWeights(objective, version(), machinery.held)
      const gradient = await trains.gradient(current.weights, { examples, objective }, teacher)
      current = await writable(current, lanes)
      state ??= optimizerState(current.weights)
      await trains.apply(gradient, current.weights, state, update)
      return gradient.report
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
      if (current.holders === 0) await lanes.forget(current.weights)
      current = snapshot(loaded, lanes)
      state = await readOptimizer(directory, loaded)
    },
    close: () => lanes.dispose(),
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

function localPolicy({ config, lanes, held: snapshots }: Machinery, held: Snapshot, version: PolicyVersion): Policy {
  return {
    version,
    async sample(requests, sampling, answered = () => {}) {
      requests.forEach(({ prompt }, index) => checkPrompt(`prompt ${index}`, prompt, config))
      if (requests.length === 0 || sampling.count === 0) return withoutAnswers(requests, answered)
      return lanes.sample(held.weights, requests, sampling, answered)
    },
    async score(requests) {
      requests.forEach(({ tokens }, index) => checkTokens(`sequence ${index}`, tokens, config))
      return lanes.score(held.weights, requests)
    },
    async release() {
      await release(held, lanes)
      if (held.holders === 0) snapshots.delete(held)
    },
  }
}
