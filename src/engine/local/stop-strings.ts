/** Finds out, token by token, that an answer holds a stop string. */
import type { Tokenizer } from '../../text/tokenizer.ts'

const SPARE_TOKENS = 4 // a character may be spread over this many tokens

/** Looks only at the end of the answer: as many tokens as the longest stop string has characters, and a few more. */
export function stopFinder(tokenizer: Tokenizer, stop: readonly string[]): (tokens: readonly number[]) => boolean {
  const reach = Math.max(...stop.map((text) => text.length)) + SPARE_TOKENS
  return (tokens) => {
    const end = tokenizer.decode(tokens.slice(-reach))
    return stop.some((text) => end.includes(text))
  }
}
