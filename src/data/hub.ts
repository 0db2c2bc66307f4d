/**
 * Files of data sets on the Hugging Face hub: `hf:owner/name@revision/path`. They are kept in the hub's own cache, which Python shares,
 * and checked against the sum that the hub names. A revision that is a commit is asked for once; a branch is asked where it stands now.
 */
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileDownloadInfo, HubApiError, pathsInfo } from '@huggingface/hub'
import { DataError, UsageError } from '../errors.ts'
import { checkSum, type Expected, fetchPatiently, type Persistence, persistently, resumedDownload, sizeOf } from './download.ts'
import { news } from './news.ts'

/** A file at a revision. */
export interface HubFile {
  readonly repo: string // owner/name
  readonly revision: string
  readonly path: string
}

export interface HubOptions {
  readonly hubUrl: string
  readonly cache: string // folder
  readonly token: string | undefined // never said
  readonly idleMs: number // a server that says nothing for so long is left
  readonly waitMs: number // before it is asked again, twice as long each time
}

const COMMIT = /^[0-9a-f]{40}$/
const REVISION = /^(?:refs\/convert\/[\w-]+|refs\/pr\/\d+|[^/]+)$/

/** Undefined where the text is no address of the hub. UsageError for one that is incomplete. */
export function parseHub(text: string): HubFile | undefined {
  if (!text.startsWith('hf:')) return undefined
  const [, repo, revision = 'main', path = ''] = /^hf:([\w.-]+\/[\w.-]+)(?:@(refs\/\w+\/[\w-]+|[^/]+))?\/(.+)$/s.exec(text) ?? []
  const isSafe = path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  if (repo === undefined || !isSafe || !REVISION.test(revision))
    throw new UsageError(`${text}: not an address of the hub, which is hf:owner/name@revision/path/to/file.jsonl`)
  return { repo, revision, path }
}

/** What the environment says, with the names that Python's hub client has. UsageError for an endpoint that is no address. */
export function hubOptions(environment: NodeJS.ProcessEnv = process.env): HubOptions {
  const home = environment['HF_HOME'] ?? join(environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'huggingface')
  const token = environment['HF_TOKEN'] ?? ''
  const hubUrl = environment['HF_ENDPOINT'] ?? 'https://huggingface.co'
  if (!/^https?:/.test(hubUrl) || !URL.canParse(hubUrl))
    throw new UsageError(`HF_ENDPOINT: not an address, ${JSON.stringify(hubUrl)}; set it to one like https://huggingface.co, or unset it`)
  return {
    hubUrl,
    cache: environment['HF_HUB_CACHE'] ?? join(home, 'hub'),
    token: token === '' ? undefined : token,
    idleMs: 30_000,
    waitMs: 1000,
  }
}

/** The file's path in the cache, downloaded where it is not there. DataError says what went wrong, and what can be done. */
export async function fetchHub(file: HubFile, options: HubOptions = hubOptions()): Promise<string> {
  const root = join(options.cache, `datasets--${file.repo.replace('/', '--')}`)
  const known = await knownCommit(root, file.revision)
  if (COMMIT.test(file.revision) && existsSync(pointer(root, file.revision, file.path))) return pointer(root, file.revision, file.path)
  const kept = known === undefined ? '' : pointer(root, known, file.path)
  const look = existsSync(kept) ? lookUp(file, options) : persistently(() => lookUp(file, options), persistenceFor(file, options))
  const found = await told(file, look).catch((cause: unknown) => {
    if (isAnswer(cause) || !existsSync(kept)) throw cause
    return kept // the hub cannot be reached: what it had last
  })
  if (typeof found === 'string') return found
  const blob = join(root, 'blobs', found.sum)
  if (!existsSync(blob)) {
    await mkdir(dirname(blob), { recursive: true })
    await told(file, download(file, { found, blob, options }), blob)
  }
  const path = pointer(root, found.commit, file.path)
  await point(path, blob)
  if (!COMMIT.test(file.revision)) await remember(root, file.revision, found.commit)
  return path
}

interface Found extends Expected {
  readonly commit: string
}

/** What the hub has at this revision: LFS files by their SHA-256, others by git's own sum. */
async function lookUp({ repo, revision, path }: HubFile, { hubUrl, token, idleMs }: HubOptions): Promise<Found> {
  const [info] = await pathsInfo({
    repo: { type: 'dataset', name: repo },
    paths: [path],
    expand: true,
    revision,
    hubUrl,
    fetch: fetchPatiently(idleMs),
    ...(token !== undefined && { accessToken: token }),
  })
  if (info === undefined || info.type !== 'file') throw new DataError(`the hub has no such file at this revision`)
  const sum = info.lfs?.oid ?? info.oid
  if (sum === undefined || !/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(sum)) throw new DataError('the hub names no sum to check it by')
  const commit = COMMIT.test(revision) ? revision : info.lastCommit.id
  if (!COMMIT.test(commit)) throw new DataError('the hub names no commit')
  return { sum, bytes: info.lfs?.size ?? info.size, commit }
}

interface Download {
  readonly found: Found
  readonly blob: string
  readonly options: HubOptions
}

/** Into a file beside the blob, which takes its name once the sum is right. */
async function download(file: HubFile, { found, blob, options }: Download): Promise<void> {
  const { repo, path } = file
  const { hubUrl, token, idleMs } = options
  const partial = partialOf(blob)
  const ask = fetchPatiently(idleMs)
  const credentials = token === undefined ? {} : { accessToken: token }
  const place = { repo: { type: 'dataset', name: repo }, path, revision: found.commit, hubUrl, fetch: ask, ...credentials } as const
  const request = async (from: number): Promise<Response> => {
    const remote = await fileDownloadInfo(place)
    if (remote === null) throw new DataError('the hub has no such file at this revision')
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const response = await ask(remote.url, { headers: { ...authorization, range: `bytes=${from}-` } })
    if (!response.ok) throw new HubApiError(remote.url, response.status)
    return response
  }
  await resumedDownload({ request, path: partial, bytes: found.bytes, idleMs, ...persistenceFor(file, options) })
  await checkSum(partial, found)
  await rename(partial, blob)
}

/** Whether the hub itself refused, so that to ask again is of no use. */
function isAnswer(cause: unknown): boolean {
  const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause
  return inner instanceof DataError || (inner instanceof HubApiError && inner.statusCode < 500 && inner.statusCode !== 429)
}

function persistenceFor(file: HubFile, { waitMs }: HubOptions): Persistence {
  return {
    waitMs,
    isFinal: (cause) => isAnswer(cause) || cause instanceof SyntaxError,
    onRetry: (cause, ms) => news.publish(`${addressOf(file)}: ${saidOf(cause)}; trying again in ${ms / 1000} s`),
  }
}

function partialOf(blob: string): string {
  return `${blob}.incomplete`
}

/** An error in our words, with the address, and what is kept of the blob. */
async function told<T>(file: HubFile, work: Promise<T>, blob?: string): Promise<T> {
  try {
    return await work
  } catch (cause) {
    const isKept = blob !== undefined && (await sizeOf(partialOf(blob))) > 0
    throw new DataError(`${addressOf(file)}: ${factOf(cause, isKept)}`, { cause })
  }
}

function addressOf({ repo, revision, path }: HubFile): string {
  return `hf:${repo}@${revision}/${path}`
}

function factOf(cause: unknown, isKept: boolean): string {
  if (cause instanceof DataError) return cause.message
  const next = isKept ? 'what came is kept, the same command goes on' : 'try again later'
  if (cause instanceof SyntaxError)
    return `what answers is not the hub, ${cause.message}; a proxy may stand before it, and HF_ENDPOINT says where it is`
  if (!(cause instanceof HubApiError)) return `could not be fetched, ${saidOf(cause)}; ${next}`
  const { statusCode } = cause
  if (statusCode === 401 || statusCode === 403) return `the hub refuses it, status ${statusCode}; set HF_TOKEN to a token that may read it`
  if (statusCode === 404) return 'the hub has no such data set or revision'
  return `${saidOf(cause)}; ${next}`
}

function saidOf(cause: unknown): string {
  if (cause instanceof HubApiError) return `the hub answers with status ${cause.statusCode}`
  const below = cause instanceof Error && cause.cause instanceof Error ? `, ${cause.cause.message}` : ''
  return `${cause instanceof Error ? cause.message : String(cause)}${below}`
}

function pointer(root: string, commit: string, path: string): string {
  return join(root, 'snapshots', commit, path)
}

/** The commit at which a branch stood when it was last asked for. */
async function knownCommit(root: string, revision: string): Promise<string | undefined> {
  const commit = await readFile(join(root, 'refs', revision), 'utf8').catch(() => '')
  return COMMIT.test(commit.trim()) ? commit.trim() : undefined
}

async function remember(root: string, revision: string, commit: string): Promise<void> {
  const path = join(root, 'refs', revision)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, commit)
}

/** A link where links can be made, else a copy. */
async function point(path: string, blob: string): Promise<void> {
  if (existsSync(path)) return
  await mkdir(dirname(path), { recursive: true })
  await symlink(relative(dirname(path), blob), path).catch(() => copyFile(blob, path))
}
