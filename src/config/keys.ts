/** Every key of the configuration as the schema has it: path, meaning, mark, default. For documentation and for messages. */
import { z } from 'zod'
import type { Json } from '../store/events.ts'
import { configSchema } from './schema.ts'

export interface ConfigKey {
  readonly path: string // 'rollout.maxTokens'
  readonly variant: string | undefined // the kind of task or method that has it; undefined where every configuration has it
  readonly meaning: string // with units
  readonly mark: string // 'P', 'I' or 'D': whence the default comes
  readonly default: Json | undefined // undefined where there is none: the kind of a variant, the suppression's own off
}

export type JsonRecord = Readonly<Record<string, Json>>

/** All keys of all variants, in the order of the schema. */
export function configKeys(): ConfigKey[] {
  return keysOf(configSchema, '', undefined)
}

/** Keys that this configuration may have: those of its own kinds. */
export function keysFor(config: Json): ConfigKey[] {
  const kinds = new Set(['task', 'method'].map((part) => `${part}.${JSON.stringify(valueAt(config, `${part}.kind`))}`))
  return configKeys().filter(({ path, variant }) => variant === undefined || kinds.has(`${path.split('.')[0]}.${JSON.stringify(variant)}`))
}

/** The value at a dotted path, undefined where there is none. */
export function valueAt(config: Json, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((value, name) => (isRecord(value) ? value[name] : undefined), config)
}

export function isRecord(value: Json | undefined): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function keysOf(schema: z.core.$ZodType, path: string, variant: string | undefined): ConfigKey[] {
  const { inner, fallback } = unwrapped(schema)
  if (inner instanceof z.ZodDiscriminatedUnion) return inner.options.flatMap((option) => keysOf(option, path, kindOf(option)))
  if (inner instanceof z.ZodUnion)
    return inner.options.flatMap((option) => (option instanceof z.ZodObject ? keysOf(option, path, variant) : []))
  if (inner instanceof z.ZodObject) {
    const shape = inner.shape as Readonly<Record<string, z.core.$ZodType>>
    return Object.entries(shape).flatMap(([name, member]) => keysOf(member, path === '' ? name : `${path}.${name}`, variant))
  }
  const said = z.globalRegistry.get(schema)?.description ?? ''
  const [, meaning = said, mark = ''] = /^(.*) \[([PID])\]$/.exec(said) ?? []
  return [{ path, variant, meaning, mark, default: fallback }]
}

/** A schema without its default, and that default. */
function unwrapped(schema: z.core.$ZodType): { readonly inner: z.core.$ZodType; readonly fallback: Json | undefined } {
  if (schema instanceof z.ZodPrefault) return { inner: schema.unwrap(), fallback: undefined }
  return schema instanceof z.ZodDefault
    ? { inner: schema.unwrap(), fallback: schema.def.defaultValue as Json }
    : { inner: schema, fallback: undefined }
}

function kindOf(option: z.core.$ZodType): string {
  const kind = option instanceof z.ZodObject ? (option.shape as Readonly<Record<string, unknown>>)['kind'] : undefined
  return kind instanceof z.ZodLiteral ? String(kind.value) : ''
}
