/** JSON files that hold one object, read with errors that name the file. What is in the object is the caller's to check. */
import { readFile } from 'node:fs/promises'
import { DataError } from '../errors.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** The object in a JSON file, or undefined where there is no such file. Throws DataError for anything else. */
export async function readJsonObject(path: string): Promise<JsonObject | undefined> {
  const text = await readTextIfThere(path)
  if (text === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new DataError(`${path}: not JSON, ${(cause as Error).message}`, { cause })
  }
  if (!isObject(value)) throw new DataError(`${path}: not a JSON object`)
  return value
}

/** The text of a file, or undefined where there is none. Throws DataError where it cannot be read. */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new DataError(`${path}: could not be read, ${(cause as Error).message}`, { cause })
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
