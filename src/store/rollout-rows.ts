/**
 * What the rollouts file of a step says, as plain rows: one for every sequence that the step made or trained on. This file gives
 * the nouns and lines up groups, constructions and examples; rollouts.ts writes and reads them as Parquet.
 */
import type { Construction, MethodResult } from '../methods/method.ts'
import type { Completion, Ending, Example, Group, Rollout, Verdict } from '../types.ts'

export type RowKind = 'rollout' | 'construction' | 'source' | 'demonstration'

/**
 * One sequence: an attempt, a construction (accepted or refused), or another example of the batch. Lists are [T] over
 * `tokens`, prompt included (0 on the prompt, as in Example); undefined = does not apply. Lengths in tokens.
 */
export interface RolloutRow {
  readonly group: number | undefined // position of the problem in the step
  readonly problem: string | undefined // id
  readonly question: string | undefined
  readonly gold: string | undefined
  readonly kind: RowKind
  readonly index: number // attempts and constructions: position in their group; others: position in the batch
  readonly text: string | undefined // the answer, without special tokens
  readonly tokens: Int32Array // [T]; of a refused construction none
  readonly promptLength: number
  readonly reward: number | undefined
  readonly undecided: boolean | undefined // the verifier could not tell, and the reward, 0, means nothing; undefined where older files do not say
  readonly answer: string | undefined // what the verifier read out of the text
  readonly ending: Ending | undefined
  readonly logprobs: Float32Array | undefined // [T], natural log, temperature 1; of an example: exactly what it was trained with
  readonly sampledLogprobs: Float32Array | undefined // [T], natural log, of the distribution that it was drawn from
  readonly entropies: Float32Array | undefined // [T], nats
  readonly weights: Float32Array | undefined // [T], suppression
  readonly advantages: Float32Array | undefined // [T]; undefined = not in the batch
  readonly example: number | undefined // position in the batch
  readonly exampleId: string | undefined
  readonly teacherPrompt: Int32Array | undefined // of an example: what the teacher of a divergence saw in place of the prompt
  readonly source: number | undefined // constructions and negatives: the wrong attempt's index
  readonly reference: number | undefined // constructions: the right attempt's index
  readonly refusal: string | undefined // constructions: why it cannot be trained on
  readonly prefixLength: number | undefined
  readonly diagnosisLength: number | undefined
  readonly correctionLength: number | undefined
  readonly analysis: string | undefined // constructions: what the model thinks of the attempt, from its reply
  readonly replyText: string | undefined // constructions: what the model wrote when asked to reflect
  readonly replyTokens: Int32Array | undefined
}

type Attempted = Omit<RolloutRow, keyof typeof untrained>

/** Of a sequence that is not in the batch. */
const untrained = { advantages: undefined, example: undefined, exampleId: undefined, teacherPrompt: undefined }

/**
 * The rows of a step: attempts, constructions, then examples that are neither. An example belongs to the attempt or construction whose
 * tokens it repeats (equal ones are taken in order), so a method need not say where its examples come from.
 */
export function rolloutRows(groups: readonly Group[], result: Pick<MethodResult, 'constructions' | 'examples'>): RolloutRow[] {
  const attempted = [...groups.flatMap(attemptRows), ...constructionRows(groups, result.constructions)]
  const keys = attempted.map((row) => rowKey(row.kind, row.tokens))
  const waiting = placesByKey(result.examples.map(({ origin, tokens }) => rowKey(origin, tokens)))
  const rows = attempted.map((row, i) => withExample(row, result.examples, waiting.get(keys[i] as string)?.shift()))
  const others = [...waiting.values()].flat().toSorted((a, b) => a - b)
  const repeated = repeatedAttempts(keys, attempted)
  return [
    ...rows,
    ...others.map((i) => withExample(exampleRow(result.examples[i] as Example, i, { groups, repeated }), result.examples, i)),
  ]
}

/** The batch, exactly as it was given to the trainer. */
export function examplesOf(rows: readonly RolloutRow[]): Example[] {
  const examples: Example[] = []
  for (const { example, exampleId, kind, tokens, promptLength, logprobs, advantages, teacherPrompt } of rows) {
    if (example === undefined || exampleId === undefined || logprobs === undefined || advantages === undefined) continue
    examples[example] = { id: exampleId, origin: kind, tokens, promptLength, logprobs, advantages, ...(teacherPrompt && { teacherPrompt }) }
  }
  return examples
}

function withExample(row: Attempted, examples: readonly Example[], position: number | undefined): RolloutRow {
  const example = position === undefined ? undefined : examples[position]
  if (example === undefined) return { ...row, ...untrained }
  const { promptLength, logprobs, advantages, id, teacherPrompt } = example
  return { ...row, promptLength, logprobs, advantages, example: position, exampleId: id, teacherPrompt }
}

function attemptRows(group: Group, position: number): Attempted[] {
  return group.rollouts.map((rollout, index) => attemptRow(group, position, rollout, index))
}

function attemptRow(group: Group, position: number, rollout: Rollout, index: number): Attempted {
  const { completion, text, verdict } = rollout
  const start = group.prompt.length
  return {
    ...blank,
    ...problemOf(group, position),
    kind: 'rollout',
    index,
    text,
    tokens: join(group.prompt, completion.tokens),
    promptLength: start,
    ...judged(verdict),
    ending: completion.end,
    logprobs: after(start, completion.logprobs),
    sampledLogprobs: after(start, completion.sampledLogprobs),
  }
}

/** An answer alone, of which nobody said to what and how good it is. */
export function completionRow({ tokens, logprobs, sampledLogprobs, end }: Completion, index: number): RolloutRow {
  const row: Attempted = { ...blank, kind: 'rollout', index, tokens, promptLength: 0, logprobs, sampledLogprobs, ending: end }
  return { ...row, ...untrained }
}

function constructionRows(groups: readonly Group[], constructions: readonly Construction[]): Attempted[] {
  const counts = new Map<number, number>()
  return constructions.map((construction) => {
    const position = groups.findIndex((group) => group.problem === construction.problem)
    const index = counts.get(position) ?? 0
    counts.set(position, index + 1)
    return constructionRow(groups[position], position, construction, index)
  })
}

function constructionRow(group: Group | undefined, position: number, construction: Construction, index: number): Attempted {
  const { reply, replyText, analysis, source, reference, refusal, trajectory } = construction
  const row: Attempted = {
    ...blank,
    ...(group && problemOf(group, position)),
    kind: 'construction',
    index,
    promptLength: group?.prompt.length ?? 0,
    ending: reply.end,
    source,
    reference,
    refusal,
    analysis,
    replyText,
    replyTokens: reply.tokens,
  }
  if (trajectory === undefined || group === undefined) return row
  const { tokens, prefixLength, diagnosisLength, scores, weights, text, verdict } = trajectory
  const start = group.prompt.length
  return {
    ...row,
    text,
    tokens: join(group.prompt, tokens),
    ...judged(verdict),
    logprobs: after(start, scores.logprobs),
    entropies: after(start, scores.entropies),
    weights: after(start, weights),
    prefixLength,
    diagnosisLength,
    correctionLength: tokens.length - prefixLength - diagnosisLength,
  }
}

interface Told {
  readonly groups: readonly Group[]
  readonly repeated: (tokens: Int32Array) => Attempted | undefined
}

/**
 * A negative repeats an attempt's tokens, and then is told with that attempt's problem, text and verdict; a demonstration is told with
 * the problem that its name begins with.
 */
function exampleRow({ id, origin, tokens, promptLength }: Example, position: number, { groups, repeated }: Told): Attempted {
  const attempt = origin === 'source' ? repeated(tokens) : undefined
  if (attempt !== undefined) return { ...attempt, kind: origin, index: position, source: attempt.index }
  const place = origin === 'demonstration' ? groups.findIndex(({ problem }) => id.startsWith(`${problem.id} `)) : -1
  const group = groups[place]
  return { ...blank, ...(group && problemOf(group, place)), kind: origin, index: position, tokens, promptLength }
}

/** The attempt with these tokens; of several the next one each time, and the last again where there are no more. */
function repeatedAttempts(keys: readonly string[], attempted: readonly Attempted[]): Told['repeated'] {
  const byKey = placesByKey(keys)
  return (tokens) => {
    const places = byKey.get(rowKey('rollout', tokens)) ?? []
    return attempted[(places.length > 1 ? places.shift() : places[0]) ?? -1]
  }
}

const blank: Attempted = {
  group: undefined,
  problem: undefined,
  question: undefined,
  gold: undefined,
  kind: 'rollout',
  index: 0,
  text: undefined,
  tokens: new Int32Array(),
  promptLength: 0,
  reward: undefined,
  undecided: undefined,
  answer: undefined,
  ending: undefined,
  logprobs: undefined,
  sampledLogprobs: undefined,
  entropies: undefined,
  weights: undefined,
  source: undefined,
  reference: undefined,
  refusal: undefined,
  prefixLength: undefined,
  diagnosisLength: undefined,
  correctionLength: undefined,
  analysis: undefined,
  replyText: undefined,
  replyTokens: undefined,
}

function judged({ reward, answer, undecided }: Verdict): Pick<RolloutRow, 'reward' | 'answer' | 'undecided'> {
  return { reward, answer, undecided: undecided === true }
}

function problemOf(group: Group, position: number): Pick<RolloutRow, 'group' | 'problem' | 'question' | 'gold'> {
  const { id, question, answer } = group.problem
  return { group: position, problem: id, question, gold: answer }
}

function join(prompt: Int32Array, answer: Int32Array): Int32Array {
  const all = new Int32Array(prompt.length + answer.length)
  all.set(prompt)
  all.set(answer, prompt.length)
  return all
}

/** Numbers of the answer, moved behind the prompt. */
function after(promptLength: number, numbers: Float32Array): Float32Array {
  const all = new Float32Array(promptLength + numbers.length)
  all.set(numbers, promptLength)
  return all
}

/** Where each key stands, in order. */
function placesByKey(keys: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>()
  keys.forEach((key, i) => {
    const found = places.get(key)
    if (found === undefined) places.set(key, [i])
    else found.push(i)
  })
  return places
}

function rowKey(kind: RowKind, tokens: Int32Array): string {
  return `${kind} ${tokens.join(' ')}`
}
