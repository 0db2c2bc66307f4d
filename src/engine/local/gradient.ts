/** The gradient of a step's objective: of each bin by itself, added to the sums in the order of the bins, whichever thread computes which. */
import type { ModelConfig } from '../../model/config.ts'
import type { Example } from '../../types.ts'
import type { Objective } from '../engine.ts'
import type { Figures } from '../step-figures.ts'
import { addContribution, type GradientSums } from './gradient-sums.ts'
import { lossKind } from './loss-head.ts'
import { binSize } from './memory.ts'
import type { Tensors } from './optimizer-state.ts'
import { type Sequence, stepUnits } from './packing.ts'
import type { Queue } from './queue.ts'
import { targetRows, type TargetRows } from './rows.ts'
import type { Feeds } from './session.ts'
import { figuresOf } from './statistics.ts'
import { rotations, streamFeeds, weightFeeds } from './stream-feeds.ts'
import { bins, layOut } from './stream.ts'
import { teacherOf } from './teacher.ts'
import { trainingPass } from './training-pass.ts'
import { trainingSessions } from './training-sessions.ts'

/** What is learnt from. */
export interface Lesson {
  readonly examples: readonly Example[] // each with a target
  readonly objective: Objective
}

export interface BinFigures {
  readonly bin: number
  readonly figures: Figures
}

export interface Gradients {
  /** Adds the gradients of the bins that the queue has left to the sums, which begin with the first bin. `teacher`: the weights that a divergence names. */
  add(weights: Tensors, lesson: Lesson, teacher: Tensors, to: { readonly sums: GradientSums; readonly queue: Queue }): Promise<BinFigures[]>
  /** Gives back the memory of large activations for something else; the next call takes it again. Does nothing while a call is under way. */
  rest(): Promise<void>
  dispose(): Promise<void>
}

export interface GradientOptions {
  readonly threads: number
  readonly activationBytes: number // of a bin; layers whose activations would exceed it compute them twice
}

export function gradientsOf(config: ModelConfig, { threads, activationBytes }: GradientOptions): Gradients {
  const sessions = trainingSessions(config, activationBytes, threads)
  const rotationsOf = rotations(config)
  const teaching = teacherOf(config, threads)
  let underWay = 0
  const add: Gradients['add'] = async (weights, { examples, objective }, teacher, { sums, queue }) => {
    const done: BinFigures[] = []
    for (const [index, bin] of queue.taken(bins(stepUnits(examples.map(sequence)), binSize(config)))) {
      const stream = layOut(bin)
      const rows = targetRows(bin, stream, config.vocabularySize)
      const compiled = await sessions.get(lossKind(objective), stream)
      const given = rowFeeds(rows, examples, objective)
      const taught = objective.kind === 'divergence' ? await teaching.feeds(teacher, examples, rows, objective) : {}
      const streams = streamFeeds(stream, config, rotationsOf(stream.lastPosition + 1))
      let figures: Figures | undefined // by the first part, which has the loss head's outputs
      const feeds = { ...weightFeeds(weights, config), ...streams, ...taught, ...given }
      for await (const outputs of trainingPass(feeds, config, compiled)) {
        figures ??= figuresOf(objective, rows.targets, examples, outputs)
        if (!(await queue.turn(index))) return done
        addContribution(sums, { first: index === 0, outputs, ids: stream.ids, targets: given.targets.data }, config)
      }
      queue.added(index)
      done.push({ bin: index, figures: figures as Figures })
    }
    return done
  }
  return {
    add: (...given) => {
      underWay++
      return add(...given).finally(() => underWay--)
    },
    rest: () => (underWay > 0 ? Promise.resolve() : sessions.rest()),
    async dispose() {
      await sessions.dispose()
      await teaching.dispose()
    },
  }
}

/** What a step needs of examples as sequences: their targets are the tokens that count. */
export function sequence({ tokens, promptLength, advantages }: Example): Sequence {
  const targets: number[] = []
  for (let t = Math.max(1, promptLength); t < tokens.length; t++) if (advantages[t] !== 0) targets.push(t)
  return { tokens, promptLength, targets }
}

function rowFeeds(rows: TargetRows, examples: readonly Example[], objective: Objective): Feeds & { targets: { data: Int32Array } } {
  const per = <A extends Int32Array | Float32Array>(array: A, value: (example: Example, t: number) => number): A => {
    rows.targets.forEach(({ sequence: index, t, row }) => (array[row] = value(examples[index] as Example, t)))
    return array
  }
  const vector = <A extends Float32Array | Int32Array>(data: A): { data: A; shape: number[] } => ({ data, shape: [data.length] })
  return {
    targetPlaces: vector(rows.places),
    targetHome: vector(rows.home),
    targets: vector(per(new Int32Array(rows.count), ({ tokens }, t) => tokens[t] as number)),
    advantages: vector(per(new Float32Array(rows.count), ({ advantages }, t) => advantages[t] as number)),
    oldLogprobs: vector(per(new Float32Array(rows.count), ({ logprobs }, t) => logprobs[t] as number)),
    clip: vector(clipBounds(objective)),
    chunks: { data: BigInt64Array.of(BigInt(rows.chunks)), shape: [] },
    chunkRows: { data: BigInt64Array.of(BigInt(rows.count / rows.chunks)), shape: [1] },
  }
}

function clipBounds(objective: Objective): Float32Array {
  return objective.kind === 'policy-gradient' ? Float32Array.of(1 - objective.clipLow, 1 + objective.clipHigh) : new Float32Array(2)
}
