/** What the rest of the code needs of a tokenizer. */
export interface Tokenizer {
  readonly vocabularySize: number
  readonly endTokens: readonly number[] // ids that end an answer; the first one closes training sequences
  /** Token ids of plain text; no special tokens are added, and none are read out of the text. */
  encode(text: string): Int32Array
  /** Text of token ids; special tokens are left out. */
  decode(tokens: ArrayLike<number>): string
  /** Text length after each token: ends[t] = decode(tokens[0..t]).length, so a text position becomes a token index. */
  ends(tokens: ArrayLike<number>): Int32Array
  /** The prompt a model answers: the chat template with one user message and the generation prompt, or the plain text where there is no template. */
  prompt(user: string): Int32Array
}
