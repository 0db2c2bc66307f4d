/** How a configuration evaluates: development problems during training, any split on request, answers drawn as in training. */
import type { JudgedParts } from '../coldstart/judge.ts'
import type { Policy } from '../engine/engine.ts'
import { evaluate, type Evaluation, firstProblems } from '../evaluation/evaluate.ts'
import { fold, seedOf } from '../random.ts'
import type { Split } from '../tasks/task.ts'
import { reflects } from '../text/markers.ts'
import { type Prepared, samplingOf } from './prepare.ts'

const EVALUATION_STREAM = 3 // below the run's seed; the loop has 0, 1 and 2
const JUDGEMENT_STREAM = 6 // a collection has 4, what is built of it 5
const JUDGED_ATTEMPTS = 8 // of a group [P], which the zone is made for

/** Evaluates on the first `evaluation.problems` problems of a split. The same seed gives every policy the same random numbers. */
export function evaluatePolicy(prepared: Prepared, policy: Policy, split: Split = 'development'): Promise<Evaluation> {
  const { config, task, tokenizer, modelConfig } = prepared
  return evaluate({
    name: `${task.name}/${split}`,
    policy,
    tokenizer,
    task,
    problems: firstProblems(task.problems(split), config.evaluation.problems),
    sampling: samplingOf(config, config.evaluation.samples),
    seed: fold(seedOf(config.seed), EVALUATION_STREAM),
    greedy: config.evaluation.greedy,
    reflects,
    contextLength: modelConfig.contextLength,
  })
}

/** How a cold start is judged: on the problems of an evaluation, in groups as RL would have them. */
export function judgedParts({ config, task, tokenizer, modelConfig }: Prepared, policy: Policy): JudgedParts {
  const problems = firstProblems(task.problems('development'), config.evaluation.problems)
  const seed = fold(seedOf(config.seed), JUDGEMENT_STREAM)
  const sampling = samplingOf(config, JUDGED_ATTEMPTS)
  return { policy, tokenizer, task, problems, sampling, seed, reflects, contextLength: modelConfig.contextLength }
}
