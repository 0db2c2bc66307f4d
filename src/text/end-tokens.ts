/**
 * Which tokens end an answer, from the files of a Hugging Face folder. The set is what transformers' generate stops at:
 * generation_config.json, else config.json, else the tokenizer's own end token. The order is ours: the tokenizer's end token
 * comes first where it is in the set, because that is the one chat templates close a turn with (Llama 3 lists
 * <|end_of_text|> before <|eot_id|>).
 */
import { join } from 'node:path'
import { DataError } from '../errors.ts'
import { isObject, readJsonObject, type JsonObject } from './json-file.ts'

/** Token ids that end an answer, the one that closes a training sequence first; empty where the folder names none. */
export async function readEndTokens(directory: string): Promise<readonly number[]> {
  const own = await tokenizerEndToken(directory)
  for (const file of ['generation_config.json', 'config.json']) {
    const path = join(directory, file)
    const ids = idList(path, (await readJsonObject(path))?.['eos_token_id'])
    if (ids.length > 0) return own !== undefined && ids.includes(own) ? [own, ...ids.filter((id) => id !== own)] : ids
  }
  return own === undefined ? [] : [own]
}

function idList(path: string, value: unknown): number[] {
  const ids: unknown[] = Array.isArray(value) ? value : [value ?? []].flat()
  const wrong = ids.find((id) => !Number.isSafeInteger(id) || (id as number) < 0)
  if (wrong !== undefined) throw new DataError(`${path}: eos_token_id is not a token id or a list of them, ${JSON.stringify(value)}`)
  return [...new Set(ids as number[])]
}

/** The id of tokenizer_config.json's eos_token, found among tokenizer.json's added tokens and vocabulary. */
async function tokenizerEndToken(directory: string): Promise<number | undefined> {
  const content = tokenText((await readJsonObject(join(directory, 'tokenizer_config.json')))?.['eos_token'])
  const tokenizer = await readJsonObject(join(directory, 'tokenizer.json'))
  if (content === undefined || tokenizer === undefined) return undefined
  const added = (Array.isArray(tokenizer['added_tokens']) ? tokenizer['added_tokens'] : []) as unknown[]
  const match = added.filter(isObject).find((token) => token['content'] === content)
  const id = match ? match['id'] : vocabulary(tokenizer)[content]
  return typeof id === 'number' ? id : undefined
}

/** The text of a special token as tokenizer_config.json writes it: a string, or an object with `content`. */
export function tokenText(value: unknown): string | undefined {
  const text = isObject(value) ? value['content'] : value
  return typeof text === 'string' ? text : undefined
}

function vocabulary(tokenizer: JsonObject): JsonObject {
  const model = tokenizer['model']
  return isObject(model) && isObject(model['vocab']) ? model['vocab'] : {}
}
