/**
 * The seam to @huggingface/tokenizers: what is used of it, with types. Its own declarations import each other without file extensions, which
 * Node's module resolution cannot follow, so they come out as `any`.
 */
import * as library from '@huggingface/tokenizers'
import { DataError } from '../errors.ts'
import { isObject, type JsonObject } from './json-file.ts'

/** Text to token ids and back. Ids are undefined where the vocabulary has no token for a piece and none for unknown text. */
export interface Codec {
  encode(
    text: string,
    options: { add_special_tokens: false },
  ): { readonly ids: ReadonlyArray<number | undefined>; readonly tokens: readonly string[] }
  decode(ids: number[], options: { clean_up_tokenization_spaces: false }): string // at least one id, each of the vocabulary
  id_to_token(id: number): string | undefined
  get_vocab(): ReadonlyMap<string, number>
}

/** What the library has behind it: a Unigram model, alone, offers the pieces of one word. */
interface Inside extends Codec {
  readonly model: { encode: (words: readonly string[]) => string[]; readonly tokenize?: (word: string) => string[] }
}

const { Tokenizer } = library as unknown as { Tokenizer: new (tokenizer: JsonObject, config: JsonObject) => Inside }

/** The codec of tokenizer.json's object, tried once so that what the library does not support fails here and not in the middle of a run. */
export function openCodec(path: string, json: JsonObject): Codec {
  try {
    const parts = { normalizer: null, post_processor: null, decoder: null, added_tokens: [], ...json }
    const codec = new Tokenizer(
      { ...parts, pre_tokenizer: everyDigit(json['pre_tokenizer'] ?? null) },
      { unk_token: isObject(json['model']) ? json['model']['unk_token'] : undefined },
    )
    unspread(codec)
    codec.encode('a 1', { add_special_tokens: false })
    return codec
  } catch (cause) {
    throw new DataError(`${path}: not a tokenizer that is supported, ${(cause as Error).message}`, { cause })
  }
}

/** A Unigram model passes all pieces of a word as arguments of one call, and a text without spaces may be one word: more than a stack holds. */
function unspread({ model }: Inside): void {
  if (model.tokenize === undefined) return
  const piecesOf = model.tokenize.bind(model)
  model.encode = (words) => words.flatMap(piecesOf)
}

/** Token ids of a text. Throws DataError naming the piece for which there is none, or a text that the library's expressions cannot take in. */
export function encodeText(path: string, codec: Codec, text: string): Int32Array {
  const { ids, tokens } = encoded(path, codec, text)
  return Int32Array.from(ids, (id, i) => {
    if (id === undefined) throw new DataError(`${path}: no token for ${JSON.stringify(tokens[i])}, and none for unknown text`)
    return id
  })
}

function encoded(path: string, codec: Codec, text: string): ReturnType<Codec['encode']> {
  try {
    return codec.encode(text, { add_special_tokens: false })
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    const begin = JSON.stringify(`${text.slice(0, 40)}...`)
    throw new DataError(`${path}: a text of ${text.length} characters is too long for this tokenizer, ${begin}; leave it out`, { cause })
  }
}

/** Text of token ids of the vocabulary; '' for none. */
export function decodeTokens(codec: Codec, ids: readonly number[]): string {
  return ids.length === 0 ? '' : codec.decode([...ids], { clean_up_tokenization_spaces: false })
}

/**
 * A pre-tokenizer whose `Digits` steps isolate what Unicode calls a number, as the Rust library does: the library used here takes 0 to 9 alone, so that
 * a fraction like U+00BD would come out in other tokens than the model was trained on.
 */
function everyDigit(step: unknown): unknown {
  if (!isObject(step)) return step
  if (Array.isArray(step['pretokenizers'])) return { ...step, pretokenizers: step['pretokenizers'].map(everyDigit) }
  if (step['type'] !== 'Digits') return step
  const pattern = { Regex: step['individual_digits'] === true ? String.raw`\p{N}` : String.raw`\p{N}+` }
  return { type: 'Split', pattern, behavior: 'Isolated', invert: false }
}
