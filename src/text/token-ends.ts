/** Where each token's text ends, without decoding every prefix anew: a look back over the last few tokens is enough. */

const enough = 8 // tokens; an unfinished UTF-8 character reaches over at most three before the one that finishes it

/**
 * ends[t] = decode(tokens[0..t]).length for every t. `decode` gives the text of the token ids that `isVisible` lets through; the
 * others (special tokens) have no text. A token that leaves a character unfinished counts its replacement character, as
 * decoding does.
 */
export function tokenEnds(
  tokens: ArrayLike<number>,
  isVisible: (token: number) => boolean,
  decode: (tokens: readonly number[]) => string,
): Int32Array {
  const ends = new Int32Array(tokens.length)
  let recent: number[] = []
  let before = 0 // text length that `recent` stands on: the end at the last trimming, less what was kept
  let end = 0
  for (let t = 0; t < tokens.length; t++) {
    const token = tokens[t] as number
    if (isVisible(token)) {
      recent.push(token)
      end = before + decode(recent).length
      if (recent.length >= 2 * enough) {
        recent = recent.slice(-enough)
        before = end - decode(recent).length
      }
    }
    ends[t] = end
  }
  return ends
}
