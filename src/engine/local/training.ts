/** One training step: examples to micro-batches, their gradients summed in order, one optimizer update. */
import { EngineError } from '../../errors.ts'
import { type ModelConfig, parameterShapes } from '../../model/config.ts'
import type { Example } from '../../types.ts'
import type { Objective, StepReport, Update } from '../engine.ts'
import { type GradientSums, gradientSums } from './gradient-sums.ts'
import { lossKind } from './loss-head.ts'
import { activationBytes } from './memory.ts'
import { adamw, globalNorm } from './optimizer.ts'
import type { OptimizerState, Tensors } from './optimizer-state.ts'
import { type SequenceUnit, stepUnits } from './packing.ts'
import { targetRows } from './rows.ts'
import type { Feeds, Session } from './session.ts'
import { type Statistics, statistics } from './statistics.ts'
import { rotations, streamFeeds, type StreamOptions, weightFeeds } from './stream-feeds.ts'
import { type Bin, type Stream, bins, layOut, microBatches, mostUses, streamSize, within } from './stream.ts'
import { type Teacher, teacherOf } from './teacher.ts'
import { trainingSessions } from './training-sessions.ts'

export interface Training {
  /**
   * Updates `weights` and `state` in place; without a trained token, nothing. `teacher` are the weights that a divergence names. Throws
   * EngineError, all untouched, when the loss or the gradient is not finite.
   */
  step(weights: Tensors, state: OptimizerState, examples: readonly Example[], update: Update, teacher?: Tensors): Promise<StepReport>
  /** Gives back the memory of large activations for something else; the next step takes it again. Does nothing while a step is under way. */
  rest(): Promise<void>
  dispose(): Promise<void>
}

export interface TrainingOptions extends StreamOptions {
  readonly activationMb: number // of a micro-batch; above it micro-batches are cut smaller, and then computed again layer by layer
}

export function training(config: ModelConfig, options: TrainingOptions): Training {
  const { threads, activationMb, microBatchTokens } = options
  const limitBytes = activationMb * 1e6
  const sessions = trainingSessions(config, limitBytes, threads)
  const decaying = decays(config)
  const rotationsOf = rotations(config)
  const teaching = teacherOf(config, options)
  let sums: GradientSums | undefined // as large as the weights, so made when first needed
  let underWay = 0 // steps
  const step: Training['step'] = async (weights, state, examples, update, teacher = weights) => {
    const trained = examples.filter((example) => sequence(example).targets.length > 0)
    if (trained.length === 0) return statistics(update.objective).report(0)
    const units = stepUnits(trained.map(sequence))
    const figures = statistics(update.objective)
    sums ??= gradientSums(config)
    sums.begin()
    const taught = { teaching, teacher }
    const parts = { config, weights, examples: trained, update, rotationsOf, sums, figures, uses: mostUses(units), ...taught }
    const fits = (batch: readonly Bin<SequenceUnit>[]): boolean =>
      within(microBatchTokens)(batch) && activationBytes(config, streamSize(batch)) <= limitBytes
    for (const batch of microBatches(bins(units), fits)) {
      const stream = layOut(batch, parts.uses)
      await addMicroBatch(batch, stream, await sessions.get(lossKind(update.objective), stream), parts)
    }
    const gradients = sums.total()
    const report = figures.report(globalNorm(gradients))
    refuseNonFinite(report)
    const scale = Math.min(1, update.maxGradientNorm / Math.max(report.gradientNorm, Number.MIN_VALUE))
    adamw(weights, gradients, state, { update, gradientScale: scale, decays: decaying })
    return report
  }
  return {
    step: (...given) => {
      underWay++
      return step(...given).finally(() => underWay--)
    },
    rest: () => (underWay > 0 ? Promise.resolve() : sessions.rest()),
    dispose: async () => {
      await sessions.dispose()
      await teaching.dispose()
    },
  }
}

interface StepParts {
  readonly config: ModelConfig
  readonly weights: Tensors
  readonly examples: readonly Example[]
  readonly update: Update
  readonly rotationsOf: ReturnType<typeof rotations>
  readonly sums: GradientSums
  readonly figures: Statistics
  readonly uses: number
  readonly teaching: Teacher
  readonly teacher: Tensors // its weights
}

async function addMicroBatch(batch: readonly Bin<SequenceUnit>[], stream: Stream, session: Session, parts: StepParts): Promise<void> {
  const { config, weights, examples, update } = parts
  const rows = targetRows(batch, stream, config.vocabularySize)
  const per = <A extends Int32Array | Float32Array>(array: A, value: (example: Example, t: number) => number): A => {
    rows.targets.forEach(({ sequence: index, t, row }) => (array[row] = value(examples[index] as Example, t)))
    return array
  }
  const targets = per(new Int32Array(rows.count), ({ tokens }, t) => tokens[t] as number)
  const { objective } = update
  const taught = objective.kind === 'divergence' ? await parts.teaching.feeds(parts.teacher, examples, rows, objective) : {}
  const vector = (data: Float32Array | Int32Array): Feeds[string] => ({ data, shape: [data.length] })
  const outputs = await session.run({
    ...weightFeeds(weights, config),
    ...parts.sums.feeds(),
    ...streamFeeds(stream, config, parts.rotationsOf(stream.lastPosition + 1)),
    ...taught,
    targetPlaces: vector(rows.places),
    targetHome: vector(rows.home),
    targets: vector(targets),
    advantages: vector(per(new Float32Array(rows.count), ({ advantages }, t) => advantages[t] as number)),
    oldLogprobs: vector(per(new Float32Array(rows.count), ({ logprobs }, t) => logprobs[t] as number)),
    clip: vector(clipBounds(objective)),
    chunks: { data: BigInt64Array.of(BigInt(rows.chunks)), shape: [] },
    chunkRows: { data: BigInt64Array.of(BigInt(rows.count / rows.chunks)), shape: [1] },
  })
  parts.sums.add({ outputs, ids: stream.ids, targets, binTokens: batch.map((bin) => bin.tokens), binRows: rows.binSizes })
  parts.figures.add(rows.targets, examples, outputs)
}

/** Weight decay is for matrices and embeddings, not for norms and biases. */
function decays(config: ModelConfig): (name: string) => boolean {
  const shapes = parameterShapes(config)
  return (name) => shapes.get(name)?.length === 2
}

function sequence({ tokens, promptLength, advantages }: Example): { tokens: Int32Array; promptLength: number; targets: number[] } {
  const targets: number[] = []
  for (let t = Math.max(1, promptLength); t < tokens.length; t++) if (advantages[t] !== 0) targets.push(t)
  return { tokens, promptLength, targets }
}

function clipBounds(objective: Objective): Float32Array {
  return objective.kind === 'policy-gradient' ? Float32Array.of(1 - objective.clipLow, 1 + objective.clipHigh) : new Float32Array(2)
}

function refuseNonFinite({ loss, gradientNorm }: StepReport): void {
  if (Number.isFinite(loss) && Number.isFinite(gradientNorm)) return
  throw new EngineError(`training step: loss ${loss}, gradient norm ${gradientNorm}; the weights are as before the step`)
}
