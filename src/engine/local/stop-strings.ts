/** Finds out, token by token, that an answer holds a stop string. */
import type { Tokenizer } from '../../text/tokenizer.ts'

const SPARE_TOKENS = 4 // a character may be spread over this many tokens

/** Looks only at the end of the answer: as many tokens that have a text as the longest stop string has characters, and a few more. */
export function stopFinder(tokenizer: Pick<Tokenizer, 'decode'>, stop: readonly string[]): (tokens: readonly number[]) => boolean {
  const reach = Math.max(...stop.map((text) => text.length)) + SPARE_TOKENS
  const known = new Map<number, boolean>()
  const hasText = (token: number): boolean => {
    const found = known.get(token) ?? tokenizer.decode([token]) !== ''
    known.set(token, found)
    return found
  }
  return (tokens) => {
    let from = tokens.length
    for (let count = 0; from > 0 && count < reach;) if (hasText(tokens[--from] as number)) count++
    const end = tokenizer.decode(tokens.slice(from))
    return stop.some((text) => end.includes(text))
  }
}
