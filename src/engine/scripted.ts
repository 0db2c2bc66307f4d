/**
 * An engine without a neural network: a bigram table that really samples, scores, learns, saves and loads (bigram.ts), and that
 * can be told what to answer where a test needs exact texts. It keeps every promise of engine.ts; it is for tests and for trying
 * out a task or a method, not for language.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { DataError, StoreError } from '../errors.ts'
import { fold, uniform } from '../random.ts'
import type { Completion, TokenScores } from '../types.ts'
import { type Bigram, logitsAfter, updated } from './bigram.ts'
import { drawnFrom, entropyOf, logSoftmax, tokenAt } from './distribution.ts'
import { missingTeacher } from './divergence.ts'
import type { Objective, Policy, PolicyVersion, SampleRequest, Sampling, ScoreRequest, Trainer } from './engine.ts'

export interface ScriptedOptions {
  readonly vocabularySize: number
  readonly endTokens: readonly number[]
  readonly logits?: ArrayLike<number> // [V, V], row = the token before; all 0, so uniform, when absent
  readonly decode?: (tokens: ArrayLike<number>) => string // finds stop strings; without it none is ever found
  /** What to answer to a prompt as sample i, when not drawn: the tokens, to which the end token is added. Their log-probabilities are the table's. */
  readonly answers?: (prompt: Int32Array, sample: number) => ArrayLike<number> | undefined
}

const stateFile = 'bigram.json'

export function scripted(options: ScriptedOptions): Trainer {
  let model = start(options)
  const held = new Map<Policy, Bigram>()
  return {
    objectives: ['policy-gradient', 'likelihood', 'divergence'],
    policy() {
      const policy = policyOf(model, options, () => held.delete(policy))
      held.set(policy, model)
      return Promise.resolve(policy)
    },
    step: (examples, update) =>
      promised(() => {
        const { model: next, report } = updated(model, examples, update, teacherOf(update.objective, [model, ...held.values()]))
        model = next
        return report
      }),
    save: (directory) => save(model, directory),
    load: async (directory) => {
      model = await read(directory, options.vocabularySize)
    },
    close: () => Promise.resolve(),
  }
}

function start({ vocabularySize, logits }: ScriptedOptions): Bigram {
  const size = vocabularySize * vocabularySize
  if (logits !== undefined && logits.length !== size) throw new DataError(`scripted engine: ${logits.length} logits, ${size} needed`)
  const zeros = (): Float64Array => new Float64Array(size)
  return { vocabularySize, logits: logits === undefined ? zeros() : Float64Array.from(logits), first: zeros(), second: zeros(), updates: 0 }
}

/** `model` is never changed in place, so a policy over it stays as it is. */
function policyOf(model: Bigram, options: ScriptedOptions, released: () => void): Policy {
  return {
    version: model.updates as PolicyVersion,
    sample: (requests, sampling, answered) =>
      promised(() =>
        requests.map((request, i) => {
          const completions = answers(model, request, sampling, options)
          answered?.(i, completions)
          return completions
        }),
      ),
    score: (requests) => promised(() => requests.map((request) => score(model, request))),
    release: () => promised(released),
  }
}

/** The model that a divergence names, of the current one and those that policies hold. */
function teacherOf(objective: Objective, models: readonly Bigram[]): Bigram | undefined {
  if (objective.kind !== 'divergence') return undefined
  return models.find(({ updates }) => updates === objective.teacher) ?? missingTeacher(objective)
}

/** What `make` returns or throws, as a promise. */
function promised<T>(make: () => T): Promise<T> {
  return new Promise((resolve) => resolve(make()))
}

function answers(model: Bigram, request: SampleRequest, sampling: Sampling, options: ScriptedOptions): Completion[] {
  return Array.from({ length: sampling.count }, (_, i) => answer(model, { request, i, sampling, options }))
}

interface Draw {
  readonly request: SampleRequest
  readonly i: number // of `sampling.count`
  readonly sampling: Sampling
  readonly options: ScriptedOptions
}

function answer(model: Bigram, { request: { prompt, seed }, i, sampling, options }: Draw): Completion {
  const script = options.answers?.(prompt, i)
  const stream = fold(seed, i)
  const tokens: number[] = []
  const logprobs: number[] = []
  const sampledLogprobs: number[] = []
  let end: Completion['end'] | undefined
  while (end === undefined) {
    const logits = logitsAfter(model, tokens.at(-1) ?? prompt.at(-1))
    const logprobsOf = logSoftmax(logits)
    const told = script && (script[tokens.length] ?? options.endTokens[0]!)
    const { token, logprob } =
      told === undefined ? draw(logits, sampling, uniform(stream, tokens.length)) : { token: told, logprob: logprobsOf[told]! }
    tokens.push(token)
    logprobs.push(logprobsOf[token]!)
    sampledLogprobs.push(logprob)
    end = endingOf(tokens, sampling, options)
  }
  return {
    tokens: Int32Array.from(tokens),
    logprobs: Float32Array.from(logprobs),
    sampledLogprobs: Float32Array.from(sampledLogprobs),
    end,
  }
}

/** A token and its log-probability under the distribution it was drawn from. */
function draw(logits: Float64Array, sampling: Sampling, u: number): { readonly token: number; readonly logprob: number } {
  const probabilities = drawnFrom(logits, sampling)
  const token = tokenAt(probabilities, u)
  return { token, logprob: Math.log(probabilities[token]!) }
}

function endingOf(
  tokens: readonly number[],
  { maxTokens, stop }: Sampling,
  { endTokens, decode }: ScriptedOptions,
): Completion['end'] | undefined {
  if (endTokens.includes(tokens.at(-1)!)) return 'eos'
  if (stop.length > 0 && decode !== undefined) {
    const text = decode(tokens)
    if (stop.some((string) => text.includes(string))) return 'stop'
  }
  return tokens.length >= maxTokens ? 'length' : undefined
}

function score(model: Bigram, { tokens, from }: ScoreRequest): TokenScores {
  const logprobs = new Float32Array(tokens.length)
  const entropies = new Float32Array(tokens.length)
  for (let t = from; t < tokens.length; t++) {
    const distribution = logSoftmax(logitsAfter(model, tokens[t - 1]))
    logprobs[t] = distribution[tokens[t]!]!
    entropies[t] = entropyOf(distribution)
  }
  return { logprobs, entropies }
}

/** JSON gives finite doubles back exactly, so nothing is lost. */
async function save(model: Bigram, directory: string): Promise<void> {
  const { vocabularySize, updates } = model
  const [logits, first, second] = [model.logits, model.first, model.second].map((numbers) => Array.from(numbers))
  try {
    await mkdir(directory)
    await writeFile(join(directory, stateFile), JSON.stringify({ vocabularySize, updates, logits, first, second }))
  } catch (cause) {
    throw new StoreError(`checkpoint: cannot be written, ${directory}`, { cause })
  }
}

async function read(directory: string, vocabularySize: number): Promise<Bigram> {
  const path = join(directory, stateFile)
  const numbers = z
    .array(z.number())
    .length(vocabularySize ** 2)
    .transform((list) => Float64Array.from(list))
  const state = z.strictObject({
    vocabularySize: z.literal(vocabularySize),
    updates: z.int().min(0),
    logits: numbers,
    first: numbers,
    second: numbers,
  })
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new DataError(`${path}: cannot be read`, { cause })
  })
  try {
    return state.parse(JSON.parse(text))
  } catch (cause) {
    throw new DataError(`${path}: not a state of this engine`, { cause })
  }
}
