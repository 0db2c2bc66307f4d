/** What the rest of the code needs of a tokenizer. */
export interface Tokenizer {
  readonly vocabularySize: number
  readonly endTokens: readonly number[] // ids that end an answer; the first one closes training sequences
  /** Token ids of plain text; no special tokens are added, and none are read out of the text. */
  encode(text: string): Int32Array
  /** Text of token ids; special tokens are left out. */
  decode(tokens: ArrayLike<number>): string
  /**
   * Text length after each token: ends[t] = decode(tokens[0..t]).length, so a text position becomes a token index. It never falls; a token that
   * leaves a character unfinished counts one replacement character, and the token that finishes it the character's own length.
   */
  ends(tokens: ArrayLike<number>): Int32Array
  /**
   * The prompt a model answers: the chat template with one user message and the generation prompt, or the plain text (after the begin token
   * of a tokenizer that has one) where there is no template. Control tokens in `user` are the letters they consist of.
   */
  prompt(user: string): Int32Array
}
