/**
 * Keeps control tokens out of the hands of text. A tokenizer's special tokens are given secret names, which no text can contain: a
 * lone surrogate occurs in no UTF-8 file and is taken out of every text here. So `<|im_end|>` written by a person, a data set
 * or a model is tokenized as the ten characters that it is, while the chat template's own is recognized.
 */
import { isObject, type JsonObject } from './json-file.ts'

/** The special tokens of a tokenizer by position k, and the texts that stand for them on the way. */
export interface SpecialTokens {
  readonly ids: ReadonlySet<number>
  /** tokenizer.json's object with every special token renamed; the model's unknown token keeps its place in the vocabulary. */
  disguise(tokenizer: JsonObject): JsonObject
  /** A text that is not to be trusted: well-formed, its special tokens hidden so that a template may carry them through. */
  shield(text: string): string
  /** What a template made of shielded text: the template's own special tokens get their secret names, the hidden ones their letters back. */
  seal(rendered: string): string
}

const secret = (k: number): string => `\uDC00${k}\uDC00`
const hidden = (k: number): string => `\uDC01${k}\uDC01`

/** The special tokens of tokenizer.json's object. */
export function specialTokens(tokenizer: JsonObject): SpecialTokens {
  const special = addedTokens(tokenizer).filter((token) => token['special'] === true)
  const position = new Map(special.map((token, k) => [String(token['content']), k]))
  const longestFirst = [...position.keys()].toSorted((a, b) => b.length - a.length)
  const written = longestFirst.length > 0 ? new RegExp(longestFirst.map(escapeRegExp).join('|'), 'g') : /(?!)/g
  const rename = (content: string): string => (position.has(content) ? secret(position.get(content) as number) : content)
  return {
    ids: new Set(special.map((token) => Number(token['id']))),
    disguise: (json) => ({
      ...json,
      added_tokens: addedTokens(json).map((token) => withContent(token, rename(String(token['content'])))),
      model: renameVocabulary(json['model'], rename),
    }),
    shield: (text) => wellFormed(text).replaceAll(written, (content) => hidden(position.get(content) as number)),
    seal: (rendered) =>
      rendered.replaceAll(written, rename).replaceAll(/\uDC01(\d+)\uDC01/g, (_, k) => String(special[Number(k)]?.['content'])),
  }
}

/** A text in which every lone surrogate is a replacement character, as in its UTF-8 bytes. */
export function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\uFFFD')
}

/**
 * The tokens that tokenizer.json's post-processor puts before a plain text (a Llama's begin-of-text). Those it would put after the text are
 * not for a prompt, which is to be continued.
 */
export function leadingTokens(postProcessor: unknown): readonly number[] {
  if (!isObject(postProcessor)) return []
  if (postProcessor['type'] === 'Sequence') return (postProcessor['processors'] as unknown[]).flatMap(leadingTokens)
  const { single, special_tokens: tokens } = postProcessor
  if (postProcessor['type'] !== 'TemplateProcessing' || !Array.isArray(single) || !isObject(tokens)) return []
  const pieces = single.filter(isObject)
  const before = pieces.slice(
    0,
    pieces.findIndex((piece) => 'Sequence' in piece),
  )
  return before.flatMap(({ SpecialToken: piece }) => {
    const token = isObject(piece) ? tokens[String(piece['id'])] : undefined
    return isObject(token) ? (token['ids'] as number[]) : []
  })
}

function addedTokens(tokenizer: JsonObject): JsonObject[] {
  return ((tokenizer['added_tokens'] ?? []) as unknown[]).filter(isObject)
}

function withContent(token: JsonObject, content: string): JsonObject {
  return { ...token, content }
}

/** Special tokens that the vocabulary lists too must not be found there by their letters; unknown text still needs its token. */
function renameVocabulary(model: unknown, rename: (content: string) => string): unknown {
  if (!isObject(model)) return model
  const renamed = (content: string): string => (content === model['unk_token'] ? content : rename(content))
  const { vocab } = model
  if (Array.isArray(vocab))
    return { ...model, vocab: (vocab as Array<[string, number]>).map(([content, score]) => [renamed(content), score]) }
  return isObject(vocab)
    ? { ...model, vocab: Object.fromEntries(Object.entries(vocab).map(([content, id]) => [renamed(content), id])) }
    : model
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}
