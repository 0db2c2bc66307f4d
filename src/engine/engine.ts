/**
 * The seam between algorithms and engines: two interfaces. An engine samples, scores and takes optimizer steps on flat
 * token sequences. It knows nothing of groups, rewards, corrections or tasks, and it never sees text except to find
 * stop strings. Everything a method adds reaches it as per-token advantages (types.ts, Example).
 *
 * Promises every engine keeps (engine/conformance.ts checks them):
 * - the result of a call does not depend on what else is in the batch, on timing, or on the number of threads;
 * - random numbers are a function of the request's seed, the sample's index and the token's position;
 * - a Policy's weights never change; `Trainer.policy()` after a step is another Policy with another version.
 */
import type { Seed } from '../random.ts'
import type { Completion, Example, TokenScores } from '../types.ts'

/** Counts the optimizer steps behind a policy's weights: 0 is the starting model. */
export type PolicyVersion = number & { readonly brand: 'PolicyVersion' }

/** How to draw answers. Order of operations: temperature, then top-k, then top-p, then min-p, then renormalize. */
export interface Sampling {
  readonly count: number // answers for each prompt; they share one prefill
  readonly maxTokens: number // per answer, end token included
  readonly temperature: number // > 0; 0 means greedy
  readonly topK: number // 0 = off
  readonly topP: number // in (0, 1]; 1 = off
  readonly minP: number // in [0, 1); 0 = off
  readonly stop: readonly string[] // an answer ends with the token that completes one of these; it stays in the tokens
}

/** A prompt and the address of its randomness: sample i draws token t from `uniform(fold(seed, i), t)`. */
export interface SampleRequest {
  readonly prompt: Int32Array
  readonly seed: Seed
}

/** A sequence to score; only tokens[from, T) are scored, the rest is context. `from` >= 1. */
export interface ScoreRequest {
  readonly tokens: Int32Array
  readonly from: number
}

/** Told of a request's answers once all of them are there, in whatever order requests get done, before `sample` resolves. */
export type Answered = (request: number, completions: readonly Completion[]) => void

/** Frozen weights: to sample from and to score under. A baseline, a teacher and the training policy are all Policies. */
export interface Policy {
  readonly version: PolicyVersion
  /** `sampling.count` answers for each request, in order of the requests; every request is also told of. */
  sample(requests: readonly SampleRequest[], sampling: Sampling, answered?: Answered): Promise<Completion[][]>
  /** Scores for each request, in order of the requests. */
  score(requests: readonly ScoreRequest[]): Promise<TokenScores[]>
  /** Frees what it holds; it is not used afterwards. A policy that is released before the next step costs no copy of the weights. */
  release(): Promise<void>
}

/**
 * What the advantages mean. With a_t the advantage and l_t = log p(token t):
 * - policy-gradient: minimize -sum_t min(r_t a_t, clip(r_t, 1 - clipLow, 1 + clipHigh) a_t), r_t = exp(l_t - example.logprobs[t])
 * - likelihood: minimize -sum_t a_t l_t
 * - divergence: minimize sum_t a_t sum_v min(term_v, cap), over the whole vocabulary where token t is drawn. With S the distribution there
 *   and T the teacher's behind its own prompt (Example), both at temperature 1, and M = (T + S) / 2, term_v is
 *   forward: T log(T / S); reverse: S log(S / T); jsd: T log(T / M) / 2 + S log(S / M) / 2.
 *   A term above the cap has no gradient, and the teacher has none at all.
 */
export type Objective =
  | { readonly kind: 'policy-gradient'; readonly clipLow: number; readonly clipHigh: number }
  | { readonly kind: 'likelihood' }
  | Divergence

export interface Divergence {
  readonly kind: 'divergence'
  readonly direction: Direction
  readonly cap: number // nats; Infinity = none
  readonly teacher: PolicyVersion // the weights as they are, or those of a policy that is not released
}

export type Direction = 'forward' | 'reverse' | 'jsd'

/** One AdamW update with decoupled weight decay: w -= learningRate * (m / (sqrt(v) + epsilon) + weightDecay * w), bias-corrected. */
export interface Update {
  readonly objective: Objective
  readonly learningRate: number // for this step; schedules are the caller's
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly weightDecay: number // on matrices and embeddings; not on norms and biases
  readonly maxGradientNorm: number // gradients are scaled down to this global 2-norm; Infinity = off
}

/** What one step did. Means are over trained tokens (advantage not 0). */
export interface StepReport {
  readonly loss: number // the summed objective before the update
  readonly gradientNorm: number // before clipping
  readonly tokens: number // trained tokens
  readonly clipShare: number // share of trained tokens whose clip was active, of a divergence those with a term above the cap; 0 for likelihood
  readonly kl: number // mean of r - 1 - log r against example.logprobs, nats; 0 for likelihood
  readonly entropy: number // mean full-vocabulary entropy, nats
  readonly logprobDifference: number // mean |trainer's logprob - example.logprobs| before the update; 0 for likelihood
  readonly divergence?: number // mean divergence from the teacher, nats, nothing capped; of that objective alone
}

/** Weights that learn. */
export interface Trainer {
  /** What it can be asked to minimize. Any other objective is an EngineError. */
  readonly objectives: readonly Objective['kind'][]
  /** The current weights, frozen. Later steps do not change it. */
  policy(): Promise<Policy>
  /** Gradient and update in one call. Examples without a nonzero advantage cost nothing. Throws EngineError on a non-finite loss, the weights untouched. */
  step(examples: readonly Example[], update: Update): Promise<StepReport>
  /** Writes a Hugging Face model folder plus the optimizer's state. The folder must not exist; it is complete when the promise resolves. */
  save(directory: string): Promise<void>
  /** Continues from a folder written by `save`, byte for byte. */
  load(directory: string): Promise<void>
  /** Ends the engine's threads. */
  close(): Promise<void>
}
