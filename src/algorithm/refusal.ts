/** Why a synthesis reply cannot be trained on (docs/paper.md, refusals [D]). A refusal is data: counted, logged, never thrown. */

/** In the order in which they are looked for. */
export const refusals = [
  'no-room', // the synthesis prompt and its reply would not fit into the model's context, so it was not asked
  'truncated', // the reply met its token limit before the reconstruction was closed
  'no-tags', // there is no <reconstruction>
  'unclosed-tag', // <reconstruction> is not closed
  'not-verbatim', // the reconstruction does not begin with the attempt's own words
  'no-divergence', // it stops within the attempt, or where the attempt stops
  'short-prefix', // it keeps less of the attempt than `minPrefixShare`
  'leak', // it speaks of the reference or of its instructions, or has a tag inside
  'too-long', // with its end token it is longer than the response limit
] as const

export type Refusal = (typeof refusals)[number]

/** The one shape in which the functions of this room refuse. */
export interface Refused {
  readonly kind: 'refused'
  readonly reason: Refusal
}

export function refused(reason: Refusal): Refused {
  return { kind: 'refused', reason }
}
