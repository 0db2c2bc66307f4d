/**
 * The one schema of a configuration: every key with its limits, its default, what it does in which unit, and whence the default comes:
 * [P] the paper, [I] inferred from it, [D] decided here. Methods and tasks bring their own defaults. What is not a key is an error.
 */
import { z } from 'zod'
import { rowsDefaults } from '../coldstart/rows-method.ts'
import { grpoDefaults } from '../methods/grpo.ts'
import { opsdDefaults } from '../methods/opsd.ts'
import { sftDefaults } from '../methods/sft.ts'
import { tapoDefaults } from '../methods/tapo.ts'
import { gsm8kDefaults } from '../tasks/gsm8k/gsm8k.ts'
import { mathDefaults } from '../tasks/math/math.ts'
import { miniDefaults } from '../tasks/mini/mini.ts'
import type { Config } from './config.ts'

/** A key that may be left out. */
type Key<T> = z.ZodDefault<z.ZodType<T>>

const count = (value: number, text: string, least: number = 0): Key<number> => z.int().min(least).default(value).describe(text)
const share = (value: number, text: string): Key<number> => z.number().min(0).max(1).default(value).describe(text)
const positive = (value: number, text: string): Key<number> => z.number().positive().default(value).describe(text)
const amount = (value: number, text: string): Key<number> => z.number().min(0).default(value).describe(text)
const flag = (value: boolean, text: string): Key<boolean> => z.boolean().default(value).describe(text)
const text = (value: string, what: string): Key<string> => z.string().default(value).describe(what)
const oneOf = <const T extends readonly [string, ...string[]]>(values: T, value: T[number], what: string): Key<T[number]> =>
  z
    .enum(values)
    .default(value as z.core.util.NoUndefined<T[number]>)
    .describe(what)

const baseline = z.strictObject({
  deviation: oneOf(
    ['population', 'sample', 'none', 'leave-one-out'],
    grpoDefaults.baseline.deviation,
    "what divides a group's centred rewards: their deviation, nothing (Dr. GRPO), or (n - 1) / n (RLOO) [D]",
  ),
  epsilon: amount(grpoDefaults.baseline.epsilon, 'added to a deviation [D]'),
})

const surrogate = {
  aggregation: oneOf(
    ['token-mean', 'sequence-mean', 'constant-length'],
    grpoDefaults.aggregation,
    'what the sum over tokens is divided by [D]',
  ),
  clipLow: share(grpoDefaults.clipLow, 'ratios below 1 - this are clipped [D]'),
  clipHigh: amount(grpoDefaults.clipHigh, 'ratios above 1 + this are clipped; 0.28 is "clip-higher" [D]'),
}

const policyGradient = { baseline: baseline.prefault({}), ...surrogate }

const prefixLoss = (value: 'trained' | 'context', what: string): Key<'trained' | 'context'> => oneOf(['trained', 'context'], value, what)

const { zone, suppression, reply } = tapoDefaults
const clamps = suppression as Exclude<typeof suppression, 'off'>

const synthesis = {
  zone: z
    .strictObject({
      minRight: count(zone.minRight, 'right attempts that a group needs for constructions, n_pos [P]', 1),
      minWrong: count(zone.minWrong, 'wrong attempts that it needs, n_neg [P]', 1),
      maxConstructions: count(zone.maxConstructions, 'wrong attempts of a group that are corrected, m_max [P]'),
    })
    .prefault({}),
  reconstruction: oneOf(
    ['prefix', 'whole'],
    tapoDefaults.reconstruction,
    'whether a construction keeps the wrong attempt up to its first error, or is a whole solution of its own [P]',
  ),
  minPrefixShare: share(tapoDefaults.minPrefixShare, 'least share of the wrong attempt that a kept prefix must have, in tokens [D]'),
  prefixLoss: prefixLoss(tapoDefaults.prefixLoss, "whether a construction's kept prefix is in its loss [P]"),
  reply: z
    .strictObject({
      temperature: amount(reply.temperature, 'of the synthesis call; 0 = greedy [D]'),
      lengthFactor: positive(reply.lengthFactor, "the reply's token limit, in response limits [D]"),
    })
    .prefault({}),
}

const tapoMethod = z.strictObject({
  kind: z.literal('tapo').describe('GRPO, and beside it micro-reflective trajectories [P]'),
  ...policyGradient,
  ...synthesis,
  suppression: z
    .union([
      z.literal('off'),
      z.strictObject({
        low: positive(clamps.low, 'lower clamp of a token weight; the word off in place of both clamps: every weight 1 [P]'),
        high: positive(clamps.high, 'upper clamp [P]'),
      }),
    ])
    .prefault({}),
  lambda: amount(tapoDefaults.lambda, "weight of the constructed sequences' loss [P]"),
  comparison: oneOf(
    ['decoupled', 'coupled'],
    tapoDefaults.comparison,
    'whether constructions are compared among themselves or join the attempts [P]',
  ),
  negatives: oneOf(
    ['failed', 'source', 'both', 'none'],
    tapoDefaults.negatives,
    'members of the constructed group with reward 0: failed constructions, the attempts they came from [D]',
  ),
  whenAllRight: oneOf(['skip', 'imitate'], tapoDefaults.whenAllRight, 'what a constructed group without a negative does [D]'),
})

const grpoMethod = z.strictObject({
  kind: z.literal('grpo').describe('attempts of a group against each other [P]'),
  ...policyGradient,
})

const opsdMethod = z.strictObject({
  kind: z.literal('opsd').describe('on-policy self-distillation from the model that sees a solution [P]'),
  ...surrogate,
  teacher: oneOf(['fixed', 'live'], opsdDefaults.teacher, "the teacher's weights: those of the run's start, or the current ones [P]"),
  divergence: oneOf(
    ['forward', 'jsd', 'reverse', 'sampled'],
    opsdDefaults.divergence,
    "what draws the student to the teacher: forward KL, JSD or reverse KL over the whole vocabulary, or the sampled token's log-ratio as its advantage [P]",
  ),
  cap: amount(opsdDefaults.cap, 'nats that a term of the vocabulary counts at most; 0 = any [P]'),
})

const sftConstructedMethod = z.strictObject({
  kind: z.literal('sft-constructed').describe('likelihood on right constructions alone [P]'),
  ...synthesis,
})

const sftMethod = z.strictObject({
  kind: z.literal('sft').describe('likelihood on demonstrations: pretraining, cold start [P]'),
  solutions: flag(sftDefaults.solutions, "learn each problem's worked solution [I]"),
  corrections: flag(sftDefaults.corrections, 'learn micro-reflective solutions after the plain problem [I]'),
  reflections: flag(sftDefaults.reflections, 'learn whole replies after the synthesis prompt [I]'),
  correctionsPerProblem: count(sftDefaults.correctionsPerProblem, 'wrong attempts of a problem that are corrected [P]'),
  prefixLoss: prefixLoss(sftDefaults.prefixLoss, 'whether the wrong prefix of a micro-reflective solution is learnt [D]'),
})

const rowsMethod = z.strictObject({
  kind: z.literal('rows').describe('likelihood on a file of rows, of tapo coldstart build [P]'),
  file: text('', 'JSONL or Parquet; its contents are part of the run, not its place [D]'),
  prefixLoss: prefixLoss(rowsDefaults.prefixLoss, "whether a correction's wrong prefix is learnt [D]"),
})

const miniTask = z.strictObject({
  kind: z.literal('mini').describe('generated word problems that a model of a million parameters can learn [D]'),
  seed: count(miniDefaults.seed, 'which worlds are generated [D]'),
  fewest: count(miniDefaults.fewest, 'fewest quantities of a problem [D]', 1),
  most: count(miniDefaults.most, 'most quantities of a problem [D]', 1),
})

const gsm8kTask = z.strictObject({
  kind: z.literal('gsm8k').describe('grade-school problems with worked solutions [D]'),
  data: text('data/gsm8k', "folder with the dataset's own train.jsonl and test.jsonl [D]"),
  maxCalculations: count(gsm8kDefaults.maxCalculations, 'most calculations in the gold solution of a problem that is used; 0 = any [D]'),
  maxNumber: count(gsm8kDefaults.maxNumber, 'largest number in its gold solution; 0 = any [D]'),
  developmentShare: share(gsm8kDefaults.developmentShare, 'share of train.jsonl that is kept for evaluation during training [D]'),
})

const mathTask = z.strictObject({
  kind: z.literal('math').describe('problems with one answer each, from any file [D]'),
  data: text(
    mathDefaults.data,
    'what to learn from: a JSONL or Parquet file, a folder of them, hf:owner/name@revision/path, or a named set; NAME=FILE takes the fields of a named set [D]',
  ),
  evaluation: z
    .array(z.string().min(1))
    .default([...mathDefaults.evaluation])
    .describe('what to evaluate on, likewise, each with figures of its own [D]'),
  fields: z
    .strictObject({
      problem: text(
        '',
        'name of the field with the question, in task.data and in task.evaluation; empty = the usual one, here and below; a named set takes it only where it lacks its own, and beside task.data a file of task.evaluation without it has its usual one [D]',
      ),
      answer: text('', 'name of the field with the gold answer [D]'),
      solution: text('', 'name of the field with a worked solution, which a row need not have [D]'),
      id: text('', "name of the field with the row's name, for which its line number can stand [D]"),
    })
    .prefault({}),
  developmentShare: share(
    mathDefaults.developmentShare,
    "share of the data's rows that is kept for evaluation during training; 0 = that is done on task.evaluation [D]",
  ),
  badRows: oneOf(
    ['refuse', 'skip'],
    mathDefaults.badRows,
    'what is done with rows that cannot be used or are too long for the model: no run, or a run without them [D]',
  ),
  strictness: oneOf(
    ['strict', 'standard', 'lenient'],
    mathDefaults.strictness,
    'what the verifier forgives: nothing, missing units and the like and decimals of 6 digits, or also decimals of 3 [D]',
  ),
  undecided: oneOf(
    ['leave', 'wrong'],
    mathDefaults.undecided,
    'an attempt that the verifier cannot judge has no gradient, or the reward of a wrong answer [D]',
  ),
})

const engine = z.strictObject({
  threads: count(0, 'threads that compute; 0 = all cores; changes no result [D]'),
  activationMb: count(
    1200,
    'MB; layers whose activations would exceed it compute them twice instead of keeping them; changes no result [D]',
  ),
  cacheMb: count(2048, 'MB of key-value cache, which bounds the answers that are sampled at once; changes no result [D]', 1),
})

const rollout = z.strictObject({
  problems: count(32, 'problems of a step [D]', 1),
  groupSize: count(8, 'attempts at each problem, K; 0 only where nothing is sampled (solutions alone) [P]'),
  replacements: count(
    0,
    'rounds in which groups rewarded alike are replaced by further problems (dynamic sampling of DAPO); 0 = never [D]',
  ),
  only: text('', 'file of tapo filter: only its problems are trained on; empty = all [P]'),
  maxTokens: count(8192, 'tokens of an answer, its end token included [D]', 1),
  temperature: amount(1, 'of sampling; 0 = greedy [D]'),
  topK: count(0, 'likeliest tokens that may be drawn; 0 = all [D]'),
  topP: z.number().positive().max(1).default(1).describe('mass of the likeliest tokens that may be drawn; 1 = all [D]'),
  minP: z.number().min(0).lt(1).default(0).describe('least probability of a token, as a share of the likeliest; 0 = any [D]'),
  stop: z.array(z.string().min(1)).default([]).describe('an answer ends where one of these texts is complete [D]'),
})

const optimizer = z.strictObject({
  learningRate: amount(1e-6, 'the peak, of AdamW; small models want larger rates [D]'),
  warmupSteps: count(10, 'steps over which the rate climbs to its peak [D]'),
  schedule: oneOf(['constant', 'linear', 'cosine'], 'constant', 'what the rate does after that, down to 0 behind the last step [D]'),
  beta1: z.number().min(0).lt(1).default(0.9).describe('decay of the mean of gradients [D]'),
  beta2: z.number().min(0).lt(1).default(0.999).describe('decay of the mean of their squares [D]'),
  epsilon: positive(1e-8, 'added to the root of that mean [D]'),
  weightDecay: amount(0.1, 'decoupled, of matrices and embeddings; times the learning rate at each step [D]'),
  maxGradientNorm: amount(1, 'gradients are scaled down to this global 2-norm; 0 = never [D]'),
})

const evaluation = z.strictObject({
  everySteps: count(20, 'steps between evaluations, also before the first step and after the last; 0 = never [D]'),
  problems: count(100, 'development problems of an evaluation [D]', 1),
  samples: count(4, 'answers for each of them, drawn as in training [D]', 1),
  greedy: flag(true, 'also one answer to each at temperature 0 [D]'),
})

/** Throws nothing; `parseConfig` (parse.ts) tells what is wrong in words. */
export const configSchema: z.ZodType<Config> = z.strictObject({
  name: z
    .string()
    .regex(/^[\w.-]+$/, 'only letters, digits, . _ and - are allowed')
    .default('run')
    .describe('of the run, for its folder and lists [D]'),
  seed: count(1, 'of every random number of the run [D]'),
  steps: count(500, 'updates of the whole run; 0 = none, the model stays as it is [P]'),
  out: text('', "the run's folder; empty = runs/<name>, or runs/<name>-2 and so on where that is taken [D]"),
  saveEverySteps: count(50, 'steps between checkpoints, also after the last step; 0 = only then [D]'),
  model: z
    .strictObject({
      path: text('', 'Hugging Face model folder, a run (its newest checkpoint), or the word starter [D]'),
      templateVariables: z
        .record(z.string(), z.json())
        .default({})
        .describe("what the model's chat template is given beside the messages, by name, like { enable_thinking: false } [D]"),
    })
    .prefault({}),
  engine: engine.prefault({}),
  task: z.discriminatedUnion('kind', [miniTask, gsm8kTask, mathTask]).prefault({ kind: 'mini' }),
  method: z
    .discriminatedUnion('kind', [tapoMethod, grpoMethod, opsdMethod, sftMethod, sftConstructedMethod, rowsMethod])
    .prefault({ kind: 'tapo' }),
  rollout: rollout.prefault({}),
  optimizer: optimizer.prefault({}),
  evaluation: evaluation.prefault({}),
})
