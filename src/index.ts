/**
 * The public world of `tapo` in one page. A run is put together from a task, a method, an engine and a run folder, and `train` drives it:
 *
 *     import { gsm8kTask, loadTokenizer, localTrainer, Run, tapo, train } from 'tapo'
 *
 * Whoever wants what the command line does starts from `experiment`, `prepare` and `assemble`.
 */

// The nouns.
export type { Completion, Correction, Ending, Example, Group, Judge, Problem, Rollout, TokenScores, Verdict } from './types.ts'
export { DataError, EngineError, StoreError, UsageError } from './errors.ts'

// Random numbers by position.
export { choose, fold, integer, type Seed, seedOf, uniform } from './random.ts'

// Tasks: of one's own by `Task`, or these.
export type { ProblemSet, Split, Task } from './tasks/task.ts'
export { miniTask, type MiniOptions } from './tasks/mini/mini.ts'
export { gsm8kTask, type Gsm8kOptions } from './tasks/gsm8k/gsm8k.ts'
export { mathTask, type MathOptions } from './tasks/math/math.ts'
export { finalAnswer, verifyNumber } from './tasks/math-answer.ts'
export { guidedPrompt, rewritingPrompt, synthesisPrompt, type SynthesisParts } from './algorithm/prompt.ts'
export { readProblem, type Verification, verify } from './tasks/math-answer/verify.ts'
export { verifyDefaults, type VerifyPolicy, verifyStrict } from './tasks/math-answer/policy.ts'
// Text.
export type { Tokenizer } from './text/tokenizer.ts'
export { type ChatTokenizer, loadTokenizer } from './text/load-tokenizer.ts'
export { reflectionMarkers, reflects } from './text/markers.ts'

// Engines: of one's own by `Trainer`, or these.
export type {
  Direction,
  Divergence,
  Objective,
  Policy,
  PolicyVersion,
  SampleRequest,
  Sampling,
  ScoreRequest,
  StepReport,
  Trainer,
  Update,
} from './engine/engine.ts'
export type { LocalOptions } from './engine/local/local-engine.ts'
export { localTrainer } from './engine/local/trainer.ts'
export { scripted, type ScriptedOptions } from './engine/scripted.ts'

// Methods: of one's own by `Method`, or these.
export type { Construction, Method, MethodContext, MethodResult, Trajectory } from './methods/method.ts'
export { tapo, tapoDefaults, type TapoOptions } from './methods/tapo.ts'
export { grpo, grpoDefaults, type GrpoOptions } from './methods/grpo.ts'
export { opsd, opsdDefaults, type OpsdOptions } from './methods/opsd.ts'
export { sftConstructed, sftConstructedDefaults, type SftConstructedOptions } from './methods/sft-constructed.ts'
export { sft, sftDefaults, type SftOptions } from './methods/sft.ts'
export { metricNames, type MetricMeaning, type MetricName } from './methods/metric-names.ts'

// The pieces that methods are made of: pure functions.
export { advantages, type Baseline } from './algorithm/advantages.ts'
export { type Candidate, candidates, paperZone, type Zone } from './algorithm/candidates.ts'
export { credit, type Credit, type CreditOptions } from './algorithm/credit.ts'
export { type Aggregation, type ExampleOptions, examples, type Sequence } from './algorithm/examples.ts'
export { parseReflection, type Reflection } from './algorithm/reflection.ts'
export { type Refusal, refusals } from './algorithm/refusal.ts'
export { paperSuppression, type Suppression, suppressionWeights } from './algorithm/suppression.ts'

// The loop, its runs, evaluation.
export { type Phase, type Progress, train, type TrainParts, type TrainSettings } from './train.ts'
export { learningRateAt, type Schedule } from './schedule.ts'
export type { RunIdentity } from './store/identity.ts'
export { Run } from './store/run.ts'
export { type GroupRecord, listRuns, readGroups, readRows, readRun, type RunRecord, type RunState } from './store/reader.ts'
export type { EvaluationRecord, Json, RunEvent } from './store/events.ts'
export type { RolloutRow } from './store/rollout-rows.ts'
export { hashFolder, hashProblems } from './store/hash.ts'
export { evaluate, type EvaluateOptions, type Evaluation, evaluationRecord, firstProblems } from './evaluation/evaluate.ts'
export type { Interval } from './evaluation/wilson.ts'

// Before RL: kept answers, corrections, rows to learn from, and whether they were enough.
export { attemptsRows, attemptsSchema, type AttemptsRow, groupOf, sampledGroups } from './coldstart/attempts.ts'
export { type BuildParts, rowsToLearn, writeCorrections, type WritingOptions } from './coldstart/build.ts'
export { selfWriter, taskWriter, type Writer } from './coldstart/writers.ts'
export { type Chat, chatEndpoint, type EndpointOptions } from './coldstart/endpoint.ts'
export { endpointWriter } from './coldstart/endpoint-writer.ts'
export { countsOf, mixed, type MixtureRow, paperShares, type Wanted } from './coldstart/mixture.ts'
export { readMixture, writeMixture } from './coldstart/mixture-file.ts'
export { learnRows } from './coldstart/rows-method.ts'
export { measure } from './coldstart/judge.ts'
export { type Verdict as ColdStartVerdict, type Measured, verdict } from './coldstart/verdict.ts'

// Configurations and experiments: what the command line does.
export type { Config } from './config/config.ts'
export { parseConfig } from './config/parse.ts'
export { type Experiment, experiment, experiments } from './experiments/experiments.ts'
export { prepare, type Prepared } from './experiments/prepare.ts'
export { assemble, type AssembleOptions, type Assembly } from './experiments/assemble.ts'
