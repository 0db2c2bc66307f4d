/** Problems to graded groups: ask, sample, decode, verify. The first half of a step; what is made of the groups is the method's. */
import type { Policy, Sampling } from '../engine/engine.ts'
import { fold, type Seed } from '../random.ts'
import type { Tokenizer } from '../text/tokenizer.ts'
import type { Completion, Group, Judge, Problem, Rollout } from '../types.ts'

export interface AttemptOptions {
  readonly policy: Policy
  readonly tokenizer: Tokenizer
  readonly task: Judge
  readonly sampling: Sampling
  readonly seed: Seed // of this step: problem i of the list samples under fold(seed, i)
}

/** `sampling.count` graded attempts at each problem, in order of the problems. */
export async function attempt(options: AttemptOptions, problems: readonly Problem[]): Promise<Group[]> {
  const { policy, tokenizer, task, sampling, seed } = options
  const prompts = problems.map((problem) => tokenizer.prompt(task.ask(problem)))
  const requests = prompts.map((prompt, i) => ({ prompt, seed: fold(seed, i) }))
  const completions = await policy.sample(requests, sampling)
  return problems.map((problem, i) => ({
    problem,
    prompt: prompts[i] as Int32Array,
    rollouts: (completions[i] as Completion[]).map((completion) => grade(completion, problem, options)),
  }))
}

function grade(completion: Completion, problem: Problem, { tokenizer, task }: AttemptOptions): Rollout {
  const text = tokenizer.decode(completion.tokens)
  return { completion, text, verdict: task.verify(problem, text) }
}
