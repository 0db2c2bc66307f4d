/** Against a real server on this machine that behaves as badly as servers do. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { reply, right, wrong } from '../methods/fixtures/sums.ts'
import { refusalsIn, rowsToLearn, writeCorrections } from './build.ts'
import { type Chat, chatEndpoint, type EndpointOptions } from './endpoint.ts'
import { endpointWriter } from './endpoint-writer.ts'
import { answered, asked, judging } from './fixtures/answered.ts'

type Answer = (response: ServerResponse, body: string, request: IncomingMessage) => void

const servers: Server[] = []
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

/** A server that gives these answers in turn, the last one again and again, and counts its requests. */
async function serve(...answers: readonly Answer[]): Promise<{ baseUrl: string; count: () => number }> {
  let count = 0
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => (body += piece.toString()))
    request.on('end', () => (answers[Math.min(count++, answers.length - 1)] as Answer)(response, body, request))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`, count: () => count }
}

const says =
  (content: string, more: object = {}): Answer =>
  (response) => {
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        choices: [{ message: { role: 'assistant', content }, finish_reason: 'stop', ...more }],
        usage: { total_tokens: 40 },
      }),
    )
  }
const status =
  (code: number, text: string, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end(text)
const half: Answer = (response) => {
  response.writeHead(200, { 'content-length': '1000' })
  response.write('{"choices": [')
  setTimeout(() => response.destroy(), 10)
}
const nothing: Answer = () => {}
const good = says(reply(' Wait, no. It is 7.'))

function client(baseUrl: string, more: Partial<EndpointOptions> = {}): Chat {
  return chatEndpoint({ baseUrl, model: 'big', temperature: 1, maxTokens: 99, timeoutMs: 5000, retries: 3, pauseMs: 1, ...more })
}

test('a message is asked as the protocol wants it, with the key where there is one', async () => {
  let seen: unknown
  let key: string | undefined
  const { baseUrl } = await serve((response, body, request) => {
    seen = JSON.parse(body)
    key = `${request.method} ${request.url} ${request.headers.authorization}`
    good(response, body, request)
  })
  expect(await client(baseUrl, { key: 'secret' })('why?')).toEqual({ text: reply(' Wait, no. It is 7.'), end: 'eos', spent: 40 })
  expect(seen).toEqual({ model: 'big', messages: [{ role: 'user', content: 'why?' }], temperature: 1, max_tokens: 99, stream: false })
  expect(key).toBe('POST /v1/chat/completions Bearer secret')
})

test('too many requests, its own faults, half a body, wrong JSON and silence pass, and are asked again', async () => {
  const bad = [status(429, 'slow down', { 'retry-after': '0' }), status(500, ''), half, says('x', { message: 1 }), status(200, '<html>')]
  for (const answer of bad) {
    const { baseUrl, count } = await serve(answer, answer, good)
    expect((await client(baseUrl)('why?')).text).toBe(reply(' Wait, no. It is 7.'))
    expect(count()).toBe(3)
  }
  const { baseUrl } = await serve(nothing, good)
  expect((await client(baseUrl, { timeoutMs: 300 })('why?')).end).toBe('eos')
})

test('what does not pass is told: where, what was the matter, and how often', async () => {
  const told = async (answer: Answer, more: Partial<EndpointOptions> = {}): Promise<string> => {
    const { baseUrl } = await serve(answer)
    const error: unknown = await client(baseUrl, { retries: 1, ...more })('why?').catch((cause: unknown) => cause)
    return (error as Error).message.replace(`${baseUrl}chat/completions: `, '')
  }
  expect(await told(status(429, '{"error": "slow down"}'))).toBe(
    'answered 429 Too Many Requests, "{\\"error\\": \\"slow down\\"}", and so on for 2 tries',
  )
  expect(await told(status(500, ''))).toBe('answered 500 Internal Server Error, and so on for 2 tries')
  expect(await told(half)).toMatch(/^no whole answer, .+, and so on for 2 tries$/)
  expect(await told(status(200, '<html>'))).toBe('the answer is no chat completion, "<html>", and so on for 2 tries')
  expect(await told(nothing, { timeoutMs: 200 })).toBe('no whole answer within 0.2 s, and so on for 2 tries')
  expect(await told(status(401, 'no key'), { retries: 5 })).toBe('answered 401 Unauthorized, "no key"')
  const closed = await client('http://127.0.0.1:1/v1', { retries: 0 })('why?').catch((cause: unknown) => cause)
  expect((closed as Error).message).toMatch(/^http:\/\/127\.0\.0\.1:1\/v1\/chat\/completions: no whole answer, .+/)
})

test('a reply that met its limit, one without a count and one without words are replies', async () => {
  const { baseUrl } = await serve(says('<analysis>', { finish_reason: 'length' }), (response) =>
    response.end(JSON.stringify({ choices: [{ message: { content: null } }] })),
  )
  const chat = client(baseUrl)
  expect(await chat('why?')).toEqual({ text: '<analysis>', end: 'length', spent: 40 })
  expect(await chat('why, why?')).toEqual({ text: '', end: 'eos', spent: 3 })
})

async function build(
  parts: Awaited<ReturnType<typeof answered>>,
  chat: Chat,
  more: { ceiling?: number; concurrency?: number } = {},
): Promise<void> {
  const { ceiling = 1e6, concurrency = 1 } = more
  const writer = (spent: number): ReturnType<typeof endpointWriter> => endpointWriter(judging, { chat, concurrency, ceiling, spent })
  await writeCorrections(parts, { asked, tries: 1, writer })
}

test('text without tags is a refusal, kept and not asked again', async () => {
  const parts = await answered(3, [right, wrong])
  const { baseUrl, count } = await serve(says('It is 7.'))
  await build(parts, client(baseUrl), { concurrency: 3 })
  await build(parts, client(baseUrl))
  expect(count()).toBe(3)
  expect(Object.fromEntries(refusalsIn(parts.corrections))).toEqual({ 'no-tags': 3 })
})

test('a server that fails in the middle loses nothing: what was finished is kept, and the same again goes on behind it', async () => {
  const parts = await answered(4, [right, wrong])
  const { baseUrl, count } = await serve(good, good, status(503, 'busy'), status(503, 'busy'), good)
  await expect(build(parts, client(baseUrl, { retries: 1 }))).rejects.toThrow(
    'answered 503 Service Unavailable, "busy", and so on for 2 tries',
  )
  expect(readFileSync(parts.corrections, 'utf8').split('\n')).toHaveLength(1 + 2 + 1)
  await build(parts, client(baseUrl))
  expect(count()).toBe(6)
  expect(
    rowsToLearn(parts, 'big')
      .filter(({ kind }) => kind === 'correction')
      .map(({ problem }) => problem),
  ).toEqual(['sums/0', 'sums/1', 'sums/2', 'sums/3'])
})

test('the ceiling counts what was spent before, and nothing is asked beyond it', async () => {
  const parts = await answered(5, [right, wrong])
  const { baseUrl, count } = await serve(good)
  await build(parts, client(baseUrl), { ceiling: 70 })
  expect(count()).toBe(2)
  await build(parts, client(baseUrl), { ceiling: 80 })
  expect(count()).toBe(2)
  await build(parts, client(baseUrl), { ceiling: 120 })
  expect(count()).toBe(3)
})
