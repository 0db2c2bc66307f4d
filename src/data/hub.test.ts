/** The hub is a server on this machine with the two questions that are asked of it, and with every way to fail. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { NEWS } from './news.ts'
import { fetchHub, hubOptions, type HubOptions, parseHub } from './hub.ts'

const commit = 'c0ffee'.repeat(7).slice(0, 40)
const content = Buffer.from(Array.from({ length: 60_000 }, (_, i) => `${JSON.stringify({ problem: `${i}?`, answer: i })}\n`).join('')) // 2 MB
const sha256 = createHash('sha256').update(content).digest('hex')
const blobSum = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')

interface Behaviour {
  readonly lfs?: boolean
  readonly served?: Buffer // in place of the content
  /** What happens to the n-th request for bytes, 0 being the first; the bytes asked for begin at `from`. */
  readonly onBytes?: (n: number, response: ServerResponse, part: Buffer) => boolean // true = answered
  readonly status?: number // of every answer, or of the first `failing`
  readonly failing?: number
  readonly page?: boolean // every answer is one of HTML
}

interface Hub {
  readonly options: HubOptions
  readonly asked: { readonly url: string; readonly range: string; readonly token: string }[]
}

async function hub({ lfs = true, served = content, onBytes, status, failing = Infinity, page = false }: Behaviour = {}): Promise<Hub> {
  const asked: Hub['asked'] = []
  let parts = 0
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const range = request.headers.range ?? ''
    asked.push({ url: request.url ?? '', range, token: request.headers.authorization ?? '' })
    if (page) {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in</html>')
      return
    }
    if (status !== undefined && asked.length <= failing) {
      response.writeHead(status, { 'content-type': 'application/json' }).end('{"error":"no"}')
      return
    }
    if (request.url?.startsWith('/api/datasets/owner/name/paths-info/') === true) {
      const info = {
        type: 'file',
        path: 'a/b.jsonl',
        size: content.length,
        oid: blobSum,
        lastCommit: { id: commit, title: '', date: '2026-01-01' },
      }
      const body = [{ ...info, ...(lfs && { lfs: { oid: sha256, size: content.length, pointerSize: 130 } }) }]
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      return
    }
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? []
    const end = to === '' ? served.length : Math.min(served.length, Number(to) + 1)
    const part = served.subarray(Number(from), end)
    response.setHeader('etag', `"${sha256}"`)
    const isProbe = range === 'bytes=0-0'
    if (!isProbe && onBytes?.(parts++, response, part) === true) return
    response.writeHead(206, { 'content-range': `bytes ${from}-${end - 1}/${served.length}`, 'content-length': part.length }).end(part)
  }
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const cache = mkdtempSync(join(tmpdir(), 'tapo-hub-'))
  return { options: { hubUrl, cache, token: undefined, idleMs: 60_000, waitMs: 5 }, asked }
}

const file = { repo: 'owner/name', revision: 'main', path: 'a/b.jsonl' }
const bytesOf = (asked: Hub['asked']): string[] => asked.map(({ range }) => range).filter((range) => range !== '' && range !== 'bytes=0-0')

test('an address is a repository, a revision and a path', () => {
  expect(parseHub('hf:owner/name@main/a/b.jsonl')).toEqual(file)
  expect(parseHub('hf:owner/name/b.parquet')).toEqual({ ...file, path: 'b.parquet' })
  expect(parseHub('hf:owner/name@refs/convert/parquet/default/train/0000.parquet')).toEqual({
    repo: 'owner/name',
    revision: 'refs/convert/parquet',
    path: 'default/train/0000.parquet',
  })
  expect(parseHub('some/file.jsonl')).toBeUndefined()
  for (const wrong of ['hf:owner', 'hf:owner/name', 'hf:owner/name@main/../../x', 'hf:owner/name@main/'])
    expect(() => parseHub(wrong)).toThrow(`${wrong}: not an address of the hub`)
})

test('a file is fetched once, checked, and found again without the hub', async () => {
  for (const lfs of [true, false]) {
    const { options, asked } = await hub({ lfs })
    const path = await fetchHub(file, options)
    expect(readFileSync(path).equals(content)).toBe(true)
    expect(path).toBe(join(options.cache, 'datasets--owner--name', 'snapshots', commit, 'a/b.jsonl'))
    const before = asked.length
    expect(await fetchHub({ ...file, revision: commit }, options)).toBe(path)
    expect(asked.length).toBe(before) // a commit does not change
    await fetchHub(file, options)
    expect(asked.slice(before).map(({ url }) => url)).toEqual(['/api/datasets/owner/name/paths-info/main'])
    expect(await fetchHub(file, { ...options, hubUrl: 'http://127.0.0.1:9' })).toBe(path) // what the branch had when it was last seen
  }
})

test('a server that dies in the middle is asked for the rest', async () => {
  const dying: Behaviour['onBytes'] = (n, response, part) => {
    if (n > 1) return false
    response.writeHead(206, { 'content-range': `bytes 0-${part.length - 1}/${content.length}`, 'content-length': part.length })
    response.write(part.subarray(0, 500_000), () => response.destroy())
    return true
  }
  const { options, asked } = await hub({ onBytes: dying })
  expect(readFileSync(await fetchHub(file, options)).equals(content)).toBe(true)
  const froms = bytesOf(asked).map((range) => Number(/\d+/.exec(range)?.[0]))
  expect([froms[0], (froms[1] as number) > 0, (froms[2] as number) > (froms[1] as number)]).toEqual([0, true, true])
})

test('what came before everything failed is kept for the next command', async () => {
  const stuck: Behaviour['onBytes'] = (n, response, part) => {
    if (n > 0) response.destroy()
    else {
      response.writeHead(206, { 'content-length': part.length })
      response.write(part.subarray(0, 700_000), () => response.destroy())
    }
    return true
  }
  const { options, asked } = await hub({ onBytes: stuck })
  await expect(fetchHub(file, options)).rejects.toThrow(
    /^hf:owner\/name@main\/a\/b\.jsonl: could not be fetched, .*; what came is kept, the same command goes on$/,
  )
  const whole = await hub()
  expect(readFileSync(await fetchHub(file, { ...whole.options, cache: options.cache })).equals(content)).toBe(true)
  expect(Number(/\d+/.exec(bytesOf(whole.asked)[0] ?? '')?.[0])).toBeGreaterThan(0)
  expect(bytesOf(asked).length).toBeGreaterThan(1)
})

test('a server that falls silent is left after a while', async () => {
  const silent: Behaviour['onBytes'] = (_, response, part) => {
    response.writeHead(206, { 'content-length': part.length })
    response.write(part.subarray(0, 1000))
    return true
  }
  const { options } = await hub({ onBytes: silent, served: content })
  await expect(fetchHub({ ...file }, { ...options, idleMs: 300 })).rejects.toThrow(
    /could not be fetched, (?:nothing came for|no answer within) 300 ms/,
  )
})

test('a file with another content is refused and not kept', async () => {
  const served = Buffer.from(content)
  served[1_000_000]! ^= 1
  const { options } = await hub({ served })
  await expect(fetchHub(file, options)).rejects.toThrow(`the hub says ${sha256}; nothing of it was kept, ask again`)
  expect(readdirSync(join(options.cache, 'datasets--owner--name', 'blobs'))).toEqual([])
  const shorter = await hub({ served: content.subarray(0, 1000) })
  await expect(fetchHub(file, shorter.options)).rejects.toThrow(`the connection ended after 1000 of ${content.length} bytes`)
})

test('a server that cannot go on in the middle sends all of it again', async () => {
  const forgetful: Behaviour['onBytes'] = (n, response, part) => {
    if (n === 0) {
      response.writeHead(206, { 'content-length': part.length })
      response.write(part.subarray(0, 700_000), () => response.destroy())
    } else response.writeHead(200, { 'content-length': content.length }).end(content)
    return true
  }
  const { options } = await hub({ onBytes: forgetful })
  expect(readFileSync(await fetchHub(file, options)).equals(content)).toBe(true)
})

test('a refusal is told in words, and the token is sent but never said', async () => {
  const words = [
    [401, 'the hub refuses it, status 401; set HF_TOKEN to a token that may read it'],
    [404, 'the hub has no such data set or revision'],
    [503, 'the hub answers with status 503; try again later'],
  ] as const
  for (const [status, fact] of words) {
    const { options, asked } = await hub({ status })
    const token = 'hf_secretsecretsecretsecret'
    const error = await fetchHub(file, { ...options, token }).catch((cause: unknown) => cause as Error)
    expect(String(error)).toBe(`DataError: hf:owner/name@main/a/b.jsonl: ${fact}`)
    expect(asked[0]?.token).toBe(`Bearer ${token}`)
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain('secret')
  }
})

/** What is told while `work` goes on. */
async function newsOf(work: Promise<unknown>): Promise<string[]> {
  const said: string[] = []
  const listen = (text: unknown): void => void said.push(String(text))
  subscribe(NEWS, listen)
  await work.catch(() => {})
  unsubscribe(NEWS, listen)
  return said
}

test('a look-up that fails is tried again as a download is, and each time it is told', async () => {
  const { options, asked } = await hub({ status: 500, failing: 2 })
  const place = 'hf:owner/name@main/a/b.jsonl'
  expect(await newsOf(fetchHub(file, options))).toEqual([
    `${place}: the hub answers with status 500; trying again in 0.005 s`,
    `${place}: the hub answers with status 500; trying again in 0.01 s`,
  ])
  expect(existsSync(await fetchHub(file, options))).toBe(true)
  expect(await newsOf(fetchHub(file, { ...options, hubUrl: 'http://127.0.0.1:9' }))).toEqual([]) // what is kept is at hand
  expect(asked.slice(0, 3).every(({ url }) => url.includes('/paths-info/'))).toBe(true)
  const broken = await hub({ status: 500 })
  await expect(fetchHub(file, broken.options)).rejects.toThrow(`${place}: the hub answers with status 500; try again later`)
  expect(broken.asked.length).toBe(4)
})

test('what came is said to be kept only where something came', async () => {
  const { options } = await hub()
  const nobody = fetchHub(file, { ...options, hubUrl: 'http://127.0.0.1:9' })
  await expect(nobody).rejects.toThrow(/: could not be fetched, fetch failed, .*; try again later$/)
  const page = await hub({ page: true })
  await expect(fetchHub(file, page.options)).rejects.toThrow(/: what answers is not the hub, .*; a proxy may stand before it/)
  expect(page.asked.length).toBe(1)
  const nothing: Behaviour['onBytes'] = (_, response) => {
    response.destroy()
    return true
  }
  const mute = await hub({ onBytes: nothing })
  await expect(fetchHub(file, mute.options)).rejects.toThrow(/: could not be fetched, .*; try again later$/)
  expect(() => hubOptions({ HF_ENDPOINT: 'notaurl' })).toThrow('HF_ENDPOINT: not an address, "notaurl"; set it to one like https://')
})

test('the environment says where the cache is and who asks', () => {
  expect(hubOptions({ HF_HOME: '/h', HF_TOKEN: 't', HF_ENDPOINT: 'http://mirror' })).toMatchObject({
    cache: '/h/hub',
    token: 't',
    hubUrl: 'http://mirror',
  })
  expect(hubOptions({ HF_HUB_CACHE: '/c', HF_TOKEN: '' })).toMatchObject({
    cache: '/c',
    token: undefined,
    hubUrl: 'https://huggingface.co',
  })
})
