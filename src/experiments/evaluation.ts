/** How a configuration evaluates: development problems during training, any split on request, answers drawn as in training. */
import type { JudgedParts } from '../coldstart/judge.ts'
import type { Policy } from '../engine/engine.ts'
import { type Answers, answersTo, type EvaluateOptions, type Evaluation, evaluate, judgedEvaluation } from '../evaluation/evaluate.ts'
import { firstParts, firstProblems, nextProblems } from '../evaluation/evaluate.ts'
import { answersFolder, type EvaluationRequest, finishEvaluation, openEvaluation, readEvaluation } from '../evaluation/folder.ts'
import { keptPolicy } from '../evaluation/kept.ts'
import { fold, seedOf } from '../random.ts'
import type { Json } from '../store/events.ts'
import { hashFolder, hashProblems } from '../store/hash.ts'
import type { Split } from '../tasks/task.ts'
import { reflectionMarkers, reflects } from '../text/markers.ts'
import type { Problem } from '../types.ts'
import { recordedConfig } from './identity.ts'
import { type Prepared, samplingOf } from './prepare.ts'
import { packageVersion } from './version.ts'

const EVALUATION_STREAM = 3 // below the run's seed; the loop has 0, 1 and 2
const JUDGEMENT_STREAM = 6 // a collection has 4, what is built of it 5
const JUDGED_ATTEMPTS = 8 // of a group [P], which the zone is made for

/** Evaluates on the first `evaluation.problems` problems of a split. The same seed gives every policy the same random numbers. */
export function evaluatePolicy(prepared: Prepared, policy: Policy, split: Split = 'development'): Promise<Evaluation> {
  return evaluate(optionsOf(prepared, policy, split))
}

function optionsOf({ config, task, tokenizer, modelConfig }: Prepared, policy: Policy, split: Split): EvaluateOptions {
  const [set, count] = [task.problems(split), config.evaluation.problems]
  const parts = firstParts(set, count)
  return {
    name: `${task.name}/${split}`,
    policy,
    tokenizer,
    task,
    problems: firstProblems(set, count),
    ...(parts && { parts }),
    sampling: samplingOf(config, config.evaluation.samples),
    seed: fold(seedOf(config.seed), EVALUATION_STREAM),
    greedy: config.evaluation.greedy,
    reflects,
    contextLength: modelConfig.contextLength,
  }
}

/** Everything that the result of `evaluatePolicy` depends on. `step`: updates behind the weights, where a run made them. */
export async function evaluationRequest(prepared: Prepared, split: Split, step: number | undefined): Promise<EvaluationRequest> {
  const { config, model, task, tokenizer } = prepared
  const [set, count] = [task.problems(split), config.evaluation.problems]
  const problems = firstProblems(set, count)
  const [first] = problems
  const text = first === undefined ? '' : task.ask(first)
  const { seed, task: asked, model: template = {} } = recordedConfig(config) as { readonly [key: string]: Json }
  const { everySteps: _, problems: __, ...evaluation } = config.evaluation
  const { count: ___, ...sampling } = samplingOf(config, 0)
  return {
    package: `tapo@${packageVersion()}`,
    name: `${task.name}/${split}`,
    model: await hashFolder(model),
    step: step ?? null,
    data: hashProblems({ size: problems.length, at: (i) => problems[i] as (typeof problems)[number] }, problems.length),
    sources: (task.sources ?? []) as unknown as Json,
    settings: {
      seed,
      task: asked,
      ...(template as object),
      sampling,
      ...evaluation,
      markers: reflectionMarkers.version,
    } as unknown as Json,
    prompt: { problem: first?.id ?? '', text, tokens: Array.from(tokenizer.prompt(text)) },
  }
}

export interface StoreOptions {
  readonly directory: string // of the evaluation
  readonly request: EvaluationRequest
  readonly split: Split
  readonly watch?: (answered: number, problems: number) => void // each time a problem is answered
}

/** The same as `evaluatePolicy`, every answer kept in a folder as it comes. What the folder has is not asked again. */
export async function evaluateInto(prepared: Prepared, policy: () => Promise<Policy>, options: StoreOptions): Promise<Evaluation> {
  const { directory, request, split, watch = () => {} } = options
  await openEvaluation(directory, request)
  const done = readEvaluation(directory)
  if (done !== undefined) return done.evaluation
  const asked = optionsOf(prepared, watched(keptPolicy(await policy(), answersFolder(directory)), watch), split)
  const answers: Answers = await answersTo(asked)
  const evaluation = await judgedEvaluation(answers, asked)
  await finishEvaluation(directory, answers, { request, evaluation })
  return evaluation
}

function watched(policy: Policy, watch: NonNullable<StoreOptions['watch']>): Policy {
  return {
    ...policy,
    sample(requests, sampling) {
      let answered = 0
      return policy.sample(requests, sampling, () => watch(++answered, requests.length))
    },
  }
}

/** How a cold start is judged: on the problems of an evaluation and those that come after, in groups as RL would have them. */
export function judgedParts({ config, task, tokenizer, modelConfig }: Prepared, policy: Policy): JudgedParts {
  const [set, count] = [task.problems('development'), config.evaluation.problems]
  const problems = (round: number): readonly Problem[] => nextProblems(set, count, round * count)
  const seed = fold(seedOf(config.seed), JUDGEMENT_STREAM)
  const sampling = samplingOf(config, JUDGED_ATTEMPTS)
  return { policy, tokenizer, task, problems, sampling, seed, reflects, contextLength: modelConfig.contextLength }
}
