/** Problems to graded groups: ask, sample, decode, verify. The first half of a step; what is made of the groups is the method's. */
import type { Policy, Sampling } from '../engine/engine.ts'
import { DataError } from '../errors.ts'
import { fold, type Seed } from '../random.ts'
import type { Tokenizer } from '../text/tokenizer.ts'
import type { Completion, Group, Judge, Problem, Rollout, Verdict } from '../types.ts'
import { noRoom } from './no-room.ts'

export interface AttemptOptions {
  readonly policy: Policy
  readonly tokenizer: Tokenizer
  readonly task: Judge
  readonly sampling: Sampling
  readonly seed: Seed // of this step: problem i of the list samples under fold(seed, first + i)
  readonly first?: number // place of the list's first problem where it is part of a longer one; 0 by default
  readonly contextLength?: number // tokens that the model can see at once; without it nothing is checked
}

/**
 * `sampling.count` graded attempts at each problem, in order of the problems. DataError when a problem and its answer do
 * not fit into the context.
 */
export async function attempt(options: AttemptOptions, problems: readonly Problem[]): Promise<Group[]> {
  const { policy, tokenizer, task, sampling, seed, first = 0 } = options
  const prompts = problems.map((problem) => checkLength(problem, tokenizer.prompt(task.ask(problem)), options))
  const requests = prompts.map((prompt, i) => ({ prompt, seed: fold(seed, first + i) }))
  const completions = await policy.sample(requests, sampling)
  const texts = completions.map((group) => group.map(({ tokens }) => tokenizer.decode(tokens)))
  const verdicts = await gradeAll(problems, texts, task)
  return problems.map((problem, i) => ({
    problem,
    prompt: prompts[i] as Int32Array,
    rollouts: (completions[i] as Completion[]).map((completion, j): Rollout => {
      return { completion, text: texts[i]?.[j] as string, verdict: verdicts[i]?.[j] as Verdict }
    }),
  }))
}

/** A verdict for each text of each problem. */
async function gradeAll(problems: readonly Problem[], texts: readonly (readonly string[])[], task: Judge): Promise<Verdict[][]> {
  const pairs = problems.map((problem, i) => (texts[i] ?? []).map((text) => [problem, text] as const))
  if (!task.verifyMany) return pairs.map((group) => group.map(([problem, text]) => task.verify(problem, text)))
  const verdicts = await task.verifyMany(pairs.flat())
  const starts = pairs.map((_, i) => pairs.slice(0, i).reduce((sum, group) => sum + group.length, 0))
  return pairs.map((group, i) => verdicts.slice(starts[i], (starts[i] as number) + group.length))
}

function checkLength({ id }: Problem, prompt: Int32Array, { sampling, contextLength = Infinity }: AttemptOptions): Int32Array {
  const fact = sampling.count === 0 ? undefined : noRoom(prompt.length, { maxTokens: sampling.maxTokens, contextLength })
  if (fact !== undefined) throw new DataError(`problem ${id}: ${fact}; leave the problem out or shorten the answer`)
  return prompt
}
