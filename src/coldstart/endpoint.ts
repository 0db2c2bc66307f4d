/**
 * A server that speaks the chat completions protocol of OpenAI, asked one message at a time. What may go away is tried again with growing
 * pauses; what will not is told at once. It knows nothing of corrections.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { EngineError } from '../errors.ts'
import type { Reply } from '../algorithm/trajectory.ts'

export interface EndpointOptions {
  readonly baseUrl: string // 'http://127.0.0.1:8000/v1'
  readonly model: string
  readonly key?: string // sent as the bearer token, and written nowhere
  readonly temperature: number
  readonly maxTokens: number // of a reply, by the server's own count
  readonly timeoutMs: number // for a whole reply
  readonly retries: number // after the first try
  readonly pauseMs: number // before the first of them; each pause is twice the one before it
}

export interface ChatReply extends Reply {
  readonly spent: number // tokens of message and reply: the server's count, else a token for every 4 characters
}

export type Chat = (message: string) => Promise<ChatReply>

const LONGEST_PAUSE_MS = 60_000
const CHARACTERS_PER_TOKEN = 4

/** EngineError, with what the server did last, when it does not answer; `retryable` when asking again later may help. */
export function chatEndpoint(options: EndpointOptions): Chat {
  const { retries, pauseMs } = options
  return async (message) => {
    for (let attempt = 0; ; attempt++) {
      const outcome = await askOnce(message, options)
      if (outcome.kind === 'reply') return outcome.reply
      if (!outcome.isPassing) throw new EngineError(`${urlOf(options)}: ${outcome.fact}`)
      if (attempt >= retries) {
        const said = retries === 0 ? outcome.fact : `${outcome.fact}, and so on for ${retries + 1} tries`
        throw new EngineError(`${urlOf(options)}: ${said}`, { retryable: true })
      }
      await pause(Math.max(Math.min(pauseMs * 2 ** attempt, LONGEST_PAUSE_MS), outcome.waitMs))
    }
  }
}

type Tried =
  | { readonly kind: 'reply'; readonly reply: ChatReply }
  | { readonly kind: 'failed'; readonly fact: string; readonly isPassing: boolean; readonly waitMs: number }

async function askOnce(message: string, options: EndpointOptions): Promise<Tried> {
  const signal = AbortSignal.timeout(options.timeoutMs)
  try {
    const response = await fetch(urlOf(options), { method: 'POST', headers: headersOf(options), body: bodyOf(message, options), signal })
    const text = await response.text()
    return response.ok ? replyOf(text, message) : refusedBy(response, text)
  } catch (cause) {
    const fact = signal.aborted ? `no whole answer within ${options.timeoutMs / 1000} s` : `no whole answer, ${reasonOf(cause)}`
    return { kind: 'failed', fact, isPassing: true, waitMs: 0 }
  }
}

function urlOf({ baseUrl }: EndpointOptions): string {
  return `${baseUrl.replace(/\/+$/, '')}/chat/completions`
}

function headersOf({ key }: EndpointOptions): Record<string, string> {
  return { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) }
}

function bodyOf(content: string, { model, temperature, maxTokens }: EndpointOptions): string {
  return JSON.stringify({ model, messages: [{ role: 'user', content }], temperature, max_tokens: maxTokens, stream: false })
}

const schema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }), finish_reason: z.string().nullish() })).min(1),
  usage: z.object({ total_tokens: z.int().min(0) }).nullish(),
})

function replyOf(body: string, message: string): Tried {
  const found = schema.safeParse(jsonOf(body))
  if (!found.success) return { kind: 'failed', fact: `the answer is no chat completion, ${excerpt(body)}`, isPassing: true, waitMs: 0 }
  const [choice] = found.data.choices
  const text = choice?.message.content ?? ''
  const spent = found.data.usage?.total_tokens ?? Math.ceil((message.length + text.length) / CHARACTERS_PER_TOKEN)
  return { kind: 'reply', reply: { text, end: choice?.finish_reason === 'length' ? 'length' : 'eos', spent } }
}

/** Too many requests, a timeout, and what is the server's own fault may pass. */
function refusedBy({ status, statusText, headers }: Response, body: string): Tried {
  const seconds = Number(headers.get('retry-after') ?? 0)
  const isPassing = status === 429 || status === 408 || status === 409 || status >= 500
  const said = body.trim() === '' ? '' : `, ${excerpt(body)}`
  const waitMs = Number.isFinite(seconds) ? Math.min(1000 * seconds, 10 * LONGEST_PAUSE_MS) : 0
  return { kind: 'failed', fact: `answered ${status} ${statusText}${said}`.trim(), isPassing, waitMs }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What lies at the bottom of fetch's own error. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  return cause.cause instanceof Error ? reasonOf(cause.cause) : 'code' in cause ? `${cause.message} (${String(cause.code)})` : cause.message
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text)
}
