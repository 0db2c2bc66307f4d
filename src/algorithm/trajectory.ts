/**
 * Micro-reflective trajectories as tokens: the wrong rollout's own ids up to where it is left, then the rest, tokenized.
 *
 *     tokens   W0 W1 W2 | D0 D1 | C0 C1 C2 E     kept prefix, diagnosis, correction, end token
 *
 * Nothing is judged or scored here.
 */
import type { Tokenizer } from '../text/tokenizer.ts'
import type { Correction, Ending } from '../types.ts'
import { diagnosisEnd } from './diagnosis.ts'
import { flat } from './flat.ts'
import { ink, inkBefore } from './ink.ts'
import { type Attempt, keptPrefix, restAfter, tokensUntil } from './prefix.ts'
import { type Reflection, leaks, parseReflection } from './reflection.ts'
import { type Refused, refused } from './refusal.ts'

export type Codec = Pick<Tokenizer, 'endTokens' | 'encode' | 'decode' | 'ends'>

export interface Spliced {
  readonly kind: 'spliced'
  readonly tokens: Int32Array // [T], end token included
  readonly prefixLength: number // tokens [0, prefixLength) are the attempt's own ids
  readonly diagnosisLength: number // tokens after them
  readonly text: string // decoded from the tokens: what the verifier sees is what is trained
}

export interface SpliceLimits {
  readonly minPrefixShare: number // of the attempt's tokens, in [0, 1]
  readonly maxTokens: number // the response limit, end token included
}

/** A synthesis reply as text, and how it ended. */
export interface Reply {
  readonly text: string
  readonly end: Ending
}

/** What a reply gives: a trajectory, or why it gives none; and the analysis where its parts were found. */
export function spliceReply(
  attempt: Attempt,
  { text, end }: Reply,
  { reconstruction, ...limits }: SpliceLimits & { readonly reconstruction: 'prefix' | 'whole' },
  codec: Codec,
): { readonly analysis?: string; readonly outcome: Spliced | Refused } {
  const reflection = parseReflection(text, end)
  if (reflection.kind === 'refused') return { outcome: reflection }
  const isWhole = reconstruction === 'whole'
  const outcome = isWhole ? spliceWhole(reflection, limits, codec) : spliceReflection(attempt, reflection, limits, codec)
  return { analysis: reflection.analysis, outcome }
}

/** The model's own correction as a trajectory, or why it is none. */
export function spliceReflection(attempt: Attempt, { reconstruction }: Reflection, limits: SpliceLimits, codec: Codec): Spliced | Refused {
  const prefix = keptPrefix(attempt, reconstruction.trimEnd(), limits.minPrefixShare)
  if (prefix.kind === 'refused') return prefix
  if (leaks(prefix.rest)) return refused('leak')
  const spliced = splice(attempt, { length: prefix.length, rest: prefix.rest, diagnosis: diagnosisEnd(prefix.rest) }, codec)
  return spliced.tokens.length > limits.maxTokens ? refused('too-long') : spliced
}

/** What the reconstruction says, whole and tokenized anew: no prefix of the attempt is kept, looked for or told apart. */
export function spliceWhole(
  { reconstruction }: Reflection,
  { maxTokens }: Pick<SpliceLimits, 'maxTokens'>,
  codec: Codec,
): Spliced | Refused {
  const whole = reconstruction.trim()
  if (leaks(whole)) return refused('leak')
  const tokens = flat(codec.encode(whole), Int32Array.from(codec.endTokens.slice(0, 1)))
  if (tokens.length > maxTokens) return refused('too-long')
  return { kind: 'spliced', tokens, prefixLength: 0, diagnosisLength: 0, text: codec.decode(tokens) }
}

/** A task's own correction as a trajectory: its parts are known, so nothing has to be verified. */
export function spliceCorrection(attempt: Attempt, { keep, diagnosis, correction }: Correction, codec: Codec): Spliced {
  const length = tokensUntil(attempt, keep)
  const diagnosed = joined(attempt.text.slice(0, keep), diagnosis)
  const rest = restAfter(attempt, length, joined(diagnosed, correction))
  return splice(attempt, { length, rest, diagnosis: restAfter(attempt, length, diagnosed).length }, codec)
}

interface Seam {
  readonly length: number // kept tokens
  readonly rest: string
  readonly diagnosis: number // characters of the rest
}

function splice(attempt: Attempt, { length, rest, diagnosis }: Seam, codec: Codec): Spliced {
  const kept = attempt.tokens.subarray(0, length)
  const tokens = flat(kept, codec.encode(rest), Int32Array.from(codec.endTokens.slice(0, 1)))
  const text = codec.decode(tokens)
  const before = inkBefore(text)
  const inkAt = Array.from(codec.ends(tokens), (end) => before[end] as number)
  const border = (inkAt[length - 1] ?? 0) + ink(rest.slice(0, diagnosis))
  const last = diagnosis === 0 ? -1 : inkAt.findIndex((held, t) => t >= length && held >= border)
  return { kind: 'spliced', tokens, prefixLength: length, diagnosisLength: last < 0 ? 0 : last + 1 - length, text }
}

/** Two texts with a space between them, unless there is white space already. */
function joined(left: string, right: string): string {
  return left === '' || right === '' || /\s$/.test(left) || /^\s/.test(right) ? left + right : `${left} ${right}`
}
