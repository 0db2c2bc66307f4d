/**
 * THE LOOP. Parts in, run out: attempt, make examples, update, record; evaluate and checkpoint when due. It names no
 * method, engine or task. A resumed run loads its newest checkpoint, repeats the logged updates after it, and goes on.
 */
import type { Policy, Sampling, StepReport, Trainer, Update } from './engine/engine.ts'
import { evaluateUnlessStopped } from './evaluation/stoppable.ts'
import type { Method, MethodContext } from './methods/method.ts'
import { fold, type Seed, seedOf } from './random.ts'
import { rolloutFigures } from './rollout/figures.ts'
import { gather } from './rollout/gather.ts'
import { startStopwatch } from './rollout/stopwatch.ts'
import { makeUpdate } from './rollout/update.ts'
import { learningRateAt, type Schedule } from './schedule.ts'
import type { EvaluationRecord, RunEvent, StepEvent } from './store/events.ts'
import { recordFailure } from './store/failure.ts'
import { replay } from './store/replay.ts'
import type { Run } from './store/run.ts'
import type { ProblemSet } from './tasks/task.ts'

/** Streams of random numbers below the run's seed, so that no two uses meet; 3 is an evaluation's. */
const streams = { problems: 0, attempts: 1, method: 2, replacements: 4 }

export interface TrainSettings {
  readonly seed: number // integer >= 0
  readonly steps: number // all steps of the run
  readonly problemsPerStep: number
  readonly replacements?: number // rounds in which groups without variance are replaced by further problems; 0 by default
  readonly sampling: Sampling
  readonly optimizer: Omit<Update, 'objective' | 'learningRate'>
  readonly schedule: Schedule
  readonly evaluateEverySteps: number // also before the first step and after the last; 0 = never
  readonly checkpointEverySteps: number // also after the last step; 0 = only then
}

/** What the method may use (tokenizer, task, contextLength, reflects, the initial policy), and: */
export interface TrainParts extends Omit<MethodContext, 'policy' | 'objectives' | 'seed' | 'maxTokens'> {
  readonly run: Run // open; the loop closes neither it nor the trainer
  readonly trainer: Trainer // with the starting weights
  readonly problems: ProblemSet
  readonly method: Method
  readonly evaluate?: (policy: Policy) => Promise<EvaluationRecord>
  readonly warningOf?: (steps: readonly StepEvent[]) => string | undefined // what logged steps warn of; it is logged once
  readonly settings: TrainSettings
  readonly signal?: AbortSignal // a step in hand is finished, an evaluation is left; the run can be resumed
}

/** What the loop is about to do. */
export interface Phase {
  readonly type: 'phase'
  readonly phase: 'replay' | 'rollout' | 'method' | 'update' | 'evaluation' | 'checkpoint'
  readonly step: number
}

/** Everything worth showing: each phase as it begins, each event once it is in the log. */
export type Progress = Phase | RunEvent

/**
 * Runs to the last step; `for await (const progress of train(parts))` drives it. EngineError when an update is not finite
 * (the log then ends in `failed`), StoreError when something cannot be written; after either the run can be resumed.
 */
export async function* train(parts: TrainParts): AsyncGenerator<Progress, void> {
  const { run, trainer, settings, evaluate } = parts
  const isDue = (step: number, every: number): boolean => step % every === 0 || step === settings.steps
  if (run.events.at(-1)?.type === 'finished') return
  let step = await run.loadCheckpoint(trainer)
  while (!parts.signal?.aborted) {
    yield* run.recordWarning(parts.warningOf)
    if ((step > 0 || settings.steps === 0) && isDue(step, settings.checkpointEverySteps) && !run.has('checkpoint', step)) {
      yield { type: 'phase', phase: 'checkpoint', step }
      yield await run.saveCheckpoint(step, trainer)
    } else if (evaluate && settings.evaluateEverySteps > 0 && isDue(step, settings.evaluateEverySteps) && !run.has('evaluation', step)) {
      yield { type: 'phase', phase: 'evaluation', step }
      const event = await run.recordEvaluation(step, () => evaluateUnlessStopped(trainer, evaluate, parts.signal))
      if (event) yield event
    } else if (step >= settings.steps) {
      yield run.append({ type: 'finished', steps: step })
      return
    } else {
      step += 1
      const logged = run.step(step)
      yield* logged ? repeatStep(parts, logged) : takeStep(parts, step)
    }
  }
}

async function* repeatStep({ run, trainer }: TrainParts, logged: StepEvent): AsyncGenerator<Progress, void> {
  yield { type: 'phase', phase: 'replay', step: logged.step }
  await replay(run, trainer, logged)
}

async function* takeStep(parts: TrainParts, step: number): AsyncGenerator<Progress, void> {
  const { run, trainer, settings } = parts
  const watch = startStopwatch()

  yield { type: 'phase', phase: 'rollout', step }
  const policy = watch.policy(await watch.time('rollout', () => watch.engine(() => trainer.policy())))
  const of = (stream: keyof typeof streams): Seed => fold(seedOf(settings.seed), streams[stream])
  const seeds = { problems: of('problems'), attempts: of('attempts'), replacements: of('replacements') }
  const { groups, replaced } = await watch.time('rollout', () => gather({ ...parts, ...settings, policy, seeds }, step))

  yield { type: 'phase', phase: 'method', step }
  const offered = { ...(parts.initial && { initial: watch.policy(parts.initial) }), objectives: trainer.objectives }
  const context = { ...parts, ...offered, policy, seed: fold(of('method'), step), maxTokens: settings.sampling.maxTokens }
  const result = await watch.time('method', () => parts.method(groups, context))
  await policy.release()

  yield { type: 'phase', phase: 'update', step }
  const update = { ...settings.optimizer, objective: result.objective, learningRate: learningRateAt(settings.schedule, step) }
  let report: StepReport | undefined
  try {
    report = await watch.time('update', () => watch.engine(() => makeUpdate(trainer, result.examples, update)))
  } catch (cause) {
    const { event, error } = recordFailure(run, step, result.examples, cause)
    yield event
    throw error
  }
  const metrics = { ...rolloutFigures(groups, result.constructions, replaced), ...result.metrics }
  yield await run.recordStep({ step, groups, result, update, report, metrics, watch })
}
