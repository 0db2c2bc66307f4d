/**
 * The kept prefix: how far a reconstruction repeats the wrong attempt, found as text and turned into a number of the attempt's
 * own tokens [D]. White space does not count in the comparison; tokens are kept whole or not at all.
 */
import type { Ending } from '../types.ts'
import { ink, inkBefore, positionOfInk, sharedInk } from './ink.ts'
import { type Refused, refused } from './refusal.ts'

/** A wrong attempt as it was sampled. */
export interface Attempt {
  readonly text: string // decoded from the tokens, special tokens left out
  readonly tokens: Int32Array // [T]
  readonly ends: Int32Array // [T], length of the text after each token
  readonly end: Ending // with 'eos' the last token is the end token, which a prefix never keeps
}

export interface Prefix {
  readonly kind: 'prefix'
  readonly length: number // tokens of the attempt, >= 1
  readonly rest: string // what the reconstruction says after them; its leading white space is dropped where the prefix ends in some
}

/** Refused unless the reconstruction begins with the attempt, keeps at least `minShare` of its tokens, and then goes its own way. */
export function keptPrefix(attempt: Attempt, reconstruction: string, minShare: number): Prefix | Refused {
  const shared = sharedInk(attempt.text, reconstruction)
  const length = tokensWithin(attempt, shared)
  if (length === 0) return refused('not-verbatim')
  if (shared === ink(reconstruction)) return refused('no-divergence')
  if (length / attempt.tokens.length < minShare) return refused('short-prefix')
  return { kind: 'prefix', length, rest: restAfter(attempt, length, reconstruction) }
}

/** How many whole tokens lie within the first `characters` of the attempt's text. */
export function tokensUntil(attempt: Attempt, characters: number): number {
  return tokensWithin(attempt, ink(attempt.text.slice(0, characters)))
}

/** What `full`, which repeats the attempt's first `length` tokens, says after them. */
export function restAfter({ text, ends }: Attempt, length: number, full: string): string {
  const kept = text.slice(0, length === 0 ? 0 : ends[length - 1])
  const rest = full.slice(positionOfInk(full, ink(kept)))
  return kept === '' || /\s$/.test(kept) ? rest.trimStart() : rest
}

/** The most tokens, end token aside, that hold at most `limit` ink; tokens of white space alone at the end are left to the rest. */
function tokensWithin({ text, tokens, ends, end }: Attempt, limit: number): number {
  const before = inkBefore(text)
  const content = end === 'eos' ? tokens.length - 1 : tokens.length
  const endOf = (length: number): number => (length === 0 ? 0 : (ends[length - 1] as number))
  const inkOf = (length: number): number => before[endOf(length)] as number
  let length = 0
  while (length < content && inkOf(length + 1) <= limit) length++
  while (length > 0 && inkOf(length) === inkOf(length - 1) && endOf(length) > endOf(length - 1)) length--
  return inkOf(length) === 0 ? 0 : length
}
