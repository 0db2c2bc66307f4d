/**
 * The nouns. Letters for axes: Q problems of a step, G rollouts of a group, T tokens of a sequence, V vocabulary.
 * All data is plain and readonly; a reward and an advantage are different things and never share a field.
 */

/** One problem. `answer` is the gold answer in the task's own form; `solution` a worked solution where the data has one. */
export interface Problem {
  readonly id: string // unique within its task, e.g. 'gsm8k/train/17'
  readonly question: string
  readonly answer: string
  readonly solution?: string
}

/** What the verifier says of one answer text. A wrong or unreadable answer is data, never an error. */
export interface Verdict {
  readonly reward: 0 | 1 // outcome only [P]
  readonly answer: string | undefined // the answer it read out of the text, undefined when there is none
  readonly undecided?: true // the reward, 0, means nothing: the attempt is left out of its group's advantages
}

/** What the makers of a task know of a wrong attempt: the ideal correction, step by step. */
export interface Correction {
  readonly keep: number // characters of the attempt up to and including its first error
  readonly diagnosis: string // one to three sentences in the first person: that the step is wrong, and why
  readonly correction: string // the rest of a right solution, in the task's answer format
  readonly analysis: string // what a careful reader would write of the attempt
}

/** What a method may ask of a task. All of it is pure. */
export interface Judge {
  /** The user's message that asks the problem. */
  ask(problem: Problem): string
  /** Total: any text gets a verdict. */
  verify(problem: Problem, answer: string): Verdict
  /** The same for many answers at once, where that can be done beside the work of this thread. */
  verifyMany?(pairs: readonly (readonly [problem: Problem, answer: string])[]): Promise<readonly Verdict[]>
  /** The synthesis prompt's user message [D]: problem, wrong attempt, right solution, and what to write. */
  askForReflection(problem: Problem, attempt: string, reference: string): string
  /** The same for a reconstruction that keeps nothing of the attempt [D]; without it, rewritingPrompt around `ask`. */
  askForRewriting?(problem: Problem, attempt: string, reference: string): string
  /** The message that asks a teacher who sees a verified solution [D]; without it, guidedPrompt around `ask`. */
  askWithSolution?(problem: Problem, solution: string): string
  /** Where the task knows its own steps: for cold-start data and for audits. */
  correct?(problem: Problem, attempt: string): Correction | undefined
}

/** How one sampled sequence ended: the model's end token, a stop string, or the token limit. */
export type Ending = 'eos' | 'stop' | 'length'

/** One answer, as sampled. All arrays are [T] over the answer's tokens, the end token included when `end` is 'eos'. */
export interface Completion {
  readonly tokens: Int32Array
  readonly logprobs: Float32Array // natural log, full untruncated distribution at temperature 1
  readonly sampledLogprobs: Float32Array // natural log, the distribution it was drawn from (temperature, top-k, top-p, min-p)
  readonly end: Ending
}

/** One attempt at a problem: a completion, its text without special tokens, and its verdict. */
export interface Rollout {
  readonly completion: Completion
  readonly text: string
  readonly verdict: Verdict
}

/** One problem and its G attempts under one policy. `prompt` is the token ids that every attempt continues. */
export interface Group {
  readonly problem: Problem
  readonly prompt: Int32Array
  readonly rollouts: readonly Rollout[]
}

/** Per-token scores of a sequence, [T]: index t speaks of token t given tokens before it; 0 below `from` and at t = 0. */
export interface TokenScores {
  readonly logprobs: Float32Array // natural log, temperature 1
  readonly entropies: Float32Array // nats, of the full-vocabulary distribution that token t was drawn from
}

/**
 * One training sequence: flat tokens with one number for each. This is all an engine ever learns of an algorithm.
 *
 *     tokens      P0 P1 P2 | A0 A1 A2      prompt, then answer         [T]
 *     logprobs     0  0  0 | l0 l1 l2      under the sampling policy   [T]
 *     advantages   0  0  0 | a0 a1 a2      credit times every weight   [T]
 *
 * Index t speaks of predicting tokens[t] from the tokens before it. An advantage of 0 contributes nothing.
 */
export interface Example {
  readonly id: string // names the sequence in errors and logs, e.g. 'mini/train/12 rollout 3'
  readonly origin: 'rollout' | 'construction' | 'source' | 'demonstration'
  readonly tokens: Int32Array // [T]
  readonly promptLength: number // tokens[0, promptLength) are context; examples that share a prompt may share its computation
  readonly logprobs: Float32Array // [T], natural log; unused by the likelihood objective
  readonly advantages: Float32Array // [T], aggregation and lambda folded in, so that engines only sum
  readonly teacherPrompt?: Int32Array // what the teacher of a divergence sees in place of the prompt; without it the prompt itself
}
