/**
 * Chat templates: how a model wants a conversation written. The template is the model folder's own (chat_template.jinja, or the entry in
 * tokenizer_config.json) and is rendered with what transformers gives it. Text in, text out; tokens are load-tokenizer.ts.
 */
import { join } from 'node:path'
import { DataError } from '../errors.ts'
import { tokenText } from './end-tokens.ts'
import { compileTemplate } from './jinja.ts'
import { isObject, readTextIfThere, type JsonObject } from './json-file.ts'

const LEAST_STEPS = 1_000_000 // a fraction of a second; templates in use take some thousands for a question
const STEPS_PER_CHARACTER = 100 // of what is given, for each message: many templates look at all of them again for each

export interface Message {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/** The text of a conversation up to and including the words that open the assistant's turn. Throws DataError where the template refuses. */
export type ChatTemplate = (messages: readonly Message[]) => string

/**
 * The template of a model folder, or undefined where it has none. `config` is tokenizer_config.json's object; `variables` are the template's
 * own switches, e.g. `{ enable_thinking: false }` for Qwen3, and may replace anything that is given to it but the messages. Throws DataError
 * for a template that cannot be read or drops the user's words, and for variables without a template.
 */
export async function loadChatTemplate(directory: string, config: JsonObject, variables: JsonObject): Promise<ChatTemplate | undefined> {
  const file = join(directory, 'chat_template.jinja')
  const text = await readTextIfThere(file)
  const source = text ?? configuredTemplate(config['chat_template'])
  if (source === undefined) {
    const [name] = Object.keys(variables)
    if (name !== undefined) throw new DataError(`${directory}: no chat template, which could use the variable ${name}; leave it out`)
    return undefined
  }
  const path = text === undefined ? `${join(directory, 'tokenizer_config.json')}: chat_template` : file
  const template = compile(path, source, { ...specialTexts(config), ...variables })
  if (!template([{ role: 'user', content: 'probe' }]).includes('probe')) throw new DataError(`${path}: leaves out the user's words`)
  return template
}

/** The template in tokenizer_config.json: one text, or a list of named ones of which `default` is for chat. */
function configuredTemplate(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return undefined
  const entry = value.filter(isObject).find(({ name }) => name === 'default')
  return typeof entry?.['template'] === 'string' ? entry['template'] : undefined
}

function compile(path: string, source: string, variables: JsonObject): ChatTemplate {
  if ('messages' in variables) throw new DataError(`${path}: a variable named messages, which is the conversation itself; leave it out`)
  const attempt = <T>(work: () => T): T => {
    try {
      return work()
    } catch (cause) {
      throw new DataError(`${path}: ${(cause as Error).message}`, { cause })
    }
  }
  const render = attempt(() => compileTemplate(source))
  // A prompt must not depend on the day of the run, so the clock that templates may ask for stands still.
  const fixed = { tools: null, documents: null, add_generation_prompt: true, strftime_now: fixedDate }
  return (messages) => {
    const given = { ...fixed, ...variables, messages }
    const steps = LEAST_STEPS + STEPS_PER_CHARACTER * JSON.stringify(given).length * messages.length
    return attempt(() => render(given, steps))
  }
}

/** bos_token and the like, as texts. */
function specialTexts(config: JsonObject): JsonObject {
  const texts = Object.entries(config).map(([key, value]) => [key, key.endsWith('_token') ? tokenText(value) : undefined])
  return Object.fromEntries(texts.filter(([, text]) => text !== undefined)) as JsonObject
}

/** strftime for 26 July 2024, the date that Llama 3's own template falls back to. */
function fixedDate(format: string): string {
  const parts: Readonly<Record<string, string>> = {
    d: '26',
    m: '07',
    Y: '2024',
    y: '24',
    b: 'Jul',
    B: 'July',
    a: 'Fri',
    A: 'Friday',
    H: '00',
    I: '12',
    M: '00',
    S: '00',
    p: 'AM',
    '%': '%',
  }
  return format.replaceAll(/%-?([a-zA-Z%])/g, (whole, letter: string) => parts[letter] ?? whole)
}
