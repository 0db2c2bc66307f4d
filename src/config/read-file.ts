/** Configuration files: YAML or JSON (which is YAML), with the line and column of whatever is wrong. */
import { readFile } from 'node:fs/promises'
import { type Document, isMap, LineCounter, type Pair, parseDocument, visit } from 'yaml'
import { UsageError } from '../errors.ts'
import type { Json } from '../store/events.ts'
import { isRecord } from './keys.ts'
import type { Locate } from './parse.ts'

export interface ConfigData {
  readonly data: Json
  readonly locate: Locate
}

/** Reads a file's data; nothing is checked but its syntax. UsageError names the place. */
export async function readConfigFile(path: string): Promise<ConfigData> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${path}: cannot be read, ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  })
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  const placed = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${path}:${line}:${col}`
  }
  if (error !== undefined) {
    const fact = error.code === 'MULTIPLE_DOCS' ? 'a second document begins here, a configuration is one' : error.message
    throw new UsageError(`${placed(error.pos[0])}: ${fact}`, { cause: error })
  }
  const data = dataOf(document, (offset) => (offset === undefined ? path : placed(offset)))
  if (!isRecord(data)) throw new UsageError(`${path}: not a configuration, which is keys and values`)
  return { data, locate: (keys) => placed(offsetOf(document, keys)) }
}

/** The document as plain data. Aliases are followed only here, so one without its anchor, or too many, are told here. */
function dataOf(document: Document.Parsed, placed: (offset: number | undefined) => string): Json {
  try {
    return document.toJS() as Json
  } catch (cause) {
    const fact = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(`${placed(strayAlias(document))}: ${fact}; text that begins with * needs quotes`, { cause })
  }
}

/** Where the first alias without an anchor begins. */
function strayAlias(document: Document.Parsed): number | undefined {
  let offset: number | undefined
  visit(document, {
    Alias(_, alias) {
      offset ??= alias.resolve(document) === undefined ? alias.range?.[0] : undefined
    },
  })
  return offset
}

/** Where the deepest known key of a path begins. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let offset = 0
  let node: unknown = document.contents
  for (const name of path) {
    const pair: Pair | undefined = isMap(node) ? node.items.find(({ key }) => String(key) === String(name)) : undefined
    if (pair === undefined) break
    offset = (pair.key as { readonly range?: readonly number[] }).range?.[0] ?? offset
    node = pair.value
  }
  return offset
}
