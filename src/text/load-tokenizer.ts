/** The tokenizer of a Hugging Face folder: tokenizer.json run by @huggingface/tokenizers, with the folder's chat template and end tokens. */
import { join } from 'node:path'
import { DataError } from '../errors.ts'
import { loadChatTemplate, type ChatTemplate, type Message } from './chat-template.ts'
import { decodeTokens, encodeText, openCodec } from './codec.ts'
import { readEndTokens } from './end-tokens.ts'
import { readJsonObject, type JsonObject } from './json-file.ts'
import { leadingTokens, specialTokens, wellFormed } from './special-tokens.ts'
import { tokenEnds } from './token-ends.ts'
import type { Tokenizer } from './tokenizer.ts'

/** A tokenizer that can also write whole conversations. */
export interface ChatTokenizer extends Tokenizer {
  /** The conversation by the chat template, open for the assistant's answer; without a template the messages' texts, a blank line between. */
  chat(messages: readonly Message[]): Int32Array
}

/**
 * Loads a folder's tokenizer. `variables` go to the chat template. Token ids are those of transformers with `split_special_tokens`: what is
 * written in a text is never read as a control token. Throws DataError for files that are missing, malformed or not supported.
 */
export async function loadTokenizer(directory: string, variables: JsonObject = {}): Promise<ChatTokenizer> {
  const { path, json } = await readTokenizerFile(directory)
  const config = (await readJsonObject(join(directory, 'tokenizer_config.json'))) ?? {}
  const template = await loadChatTemplate(directory, config, variables)
  const endTokens = await readEndTokens(directory)
  if (endTokens.length === 0) throw new DataError(`${directory}: no end token; name it as eos_token_id in generation_config.json`)
  return tokenizerOf({ path, json, template, endTokens })
}

/** Text of token ids by a folder's tokenizer, as `loadTokenizer` gives it: no chat template is read. Throws DataError. */
export async function loadDecoder(directory: string): Promise<Pick<Tokenizer, 'decode'>> {
  const { path, json } = await readTokenizerFile(directory)
  return tokenizerOf({ path, json, template: undefined, endTokens: [] })
}

async function readTokenizerFile(directory: string): Promise<Pick<Parts, 'path' | 'json'>> {
  const path = join(directory, 'tokenizer.json')
  const json = await readJsonObject(path)
  if (!json) throw new DataError(`${path}: not there; save the tokenizer with transformers' save_pretrained, which writes one file`)
  return { path, json }
}

interface Parts {
  readonly path: string // of tokenizer.json, for messages
  readonly json: JsonObject
  readonly template: ChatTemplate | undefined
  readonly endTokens: readonly number[]
}

function tokenizerOf({ path, json, template, endTokens }: Parts): ChatTokenizer {
  const special = specialTokens(json)
  const codec = openCodec(path, special.disguise(json))
  const isVisible = (id: number): boolean => !special.ids.has(id) && codec.id_to_token(id) !== undefined
  const textOf = (ids: readonly number[]): string => decodeTokens(codec, ids)
  const encode = (text: string): Int32Array => encodeText(path, codec, text)
  const lead = leadingTokens(json['post_processor'])
  const chat = (messages: readonly Message[]): Int32Array => {
    if (!template) return following(lead, encode(wellFormed(messages.map(({ content }) => content).join('\n\n'))))
    return encode(special.seal(template(messages.map(({ role, content }) => ({ role, content: special.shield(content) })))))
  }
  return {
    vocabularySize: [...codec.get_vocab().values()].reduce((largest, id) => Math.max(largest, id + 1), 0),
    endTokens,
    encode: (text) => encode(wellFormed(text)),
    decode: (tokens) => textOf(Array.from(tokens).filter(isVisible)),
    ends: (tokens) => tokenEnds(tokens, isVisible, textOf),
    prompt: (user) => chat([{ role: 'user', content: user }]),
    chat,
  }
}

/** Not spread into a call, which a long text's tokens would overflow. */
function following(lead: readonly number[], tokens: Int32Array): Int32Array {
  const all = new Int32Array(lead.length + tokens.length)
  all.set(lead)
  all.set(tokens, lead.length)
  return all
}
