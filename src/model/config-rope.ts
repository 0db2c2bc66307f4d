/** The rotary embedding of a config.json: `rope_theta` and `rope_scaling` of transformers 4, or `rope_parameters` of 5. */
import { DataError } from '../errors.ts'
import { isObject, type JsonObject } from '../text/json-file.ts'
import type { Rope } from './config.ts'

const defaultTheta = 10_000 // of every class read here, in both versions

const llama3Keys = ['factor', 'low_freq_factor', 'high_freq_factor', 'original_max_position_embeddings'] as const

/** Throws DataError, naming `path` and the key, for any type but `default` and `llama3` and for any key that is not read. */
export function readRope(path: string, json: JsonObject): Rope {
  const key = (json['rope_parameters'] ?? null) === null ? 'rope_scaling' : 'rope_parameters'
  const value = json[key] ?? {}
  if (!isObject(value)) throw new DataError(`${path}: ${key} is not an object, ${JSON.stringify(value)}`)
  if (key === 'rope_parameters' && (json['rope_scaling'] ?? null) !== null) {
    throw new DataError(`${path}: both rope_parameters and rope_scaling are set; keep the one that the model was trained with`)
  }
  const theta = readTheta(path, json['rope_theta'] ?? undefined, value['rope_theta'] ?? undefined)
  const kind = value['rope_type'] ?? value['type'] ?? 'default'
  if (kind !== 'default' && kind !== 'llama3') {
    throw new DataError(`${path}: ${key} has rope_type ${JSON.stringify(kind)}, which is not supported; default and llama3 are`)
  }
  checkRopeKeys(`${path}: ${key}`, value, kind === 'llama3' ? llama3Keys : [])
  if (kind === 'default') return { theta }
  return { theta, scaling: readLlama3(`${path}: ${key}`, value) }
}

function readTheta(path: string, outer: unknown, inner: unknown): number {
  if (outer !== undefined && inner !== undefined && outer !== inner) {
    throw new DataError(
      `${path}: rope_theta is ${JSON.stringify(outer)} at the top and ${JSON.stringify(inner)} in rope_parameters; keep one`,
    )
  }
  return positive(`${path}: rope_theta`, inner ?? outer ?? defaultTheta)
}

function checkRopeKeys(subject: string, value: JsonObject, allowed: readonly string[]): void {
  for (const [key, setting] of Object.entries(value)) {
    if (setting === null || ['rope_type', 'type', 'rope_theta', ...allowed].includes(key)) continue
    if (key === 'partial_rotary_factor' && setting === 1) continue
    throw new DataError(`${subject} has ${key} = ${JSON.stringify(setting)}, which is not supported`)
  }
}

function readLlama3(subject: string, value: JsonObject): NonNullable<Rope['scaling']> {
  const [factor, lowFrequencyFactor, highFrequencyFactor, originalContext] = llama3Keys.map((key) =>
    positive(`${subject}.${key}`, value[key]),
  ) as [number, number, number, number]
  if (highFrequencyFactor <= lowFrequencyFactor) {
    throw new DataError(`${subject}: high_freq_factor must be above low_freq_factor, ${highFrequencyFactor} and ${lowFrequencyFactor}`)
  }
  return { kind: 'llama3', factor, lowFrequencyFactor, highFrequencyFactor, originalContext }
}

function positive(subject: string, value: unknown): number {
  if (typeof value !== 'number' || !(value > 0)) throw new DataError(`${subject}: not a number above 0, ${JSON.stringify(value)}`)
  return value
}
