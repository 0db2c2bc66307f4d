/**
 * The rollouts file of a step: RolloutRows as Parquet. Lists are written as LIST with an explicit schema, so that pandas, DuckDB
 * and Hugging Face's datasets see lists of numbers; column names are in snake case, as is the custom there.
 */
import { readFile } from 'node:fs/promises'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { ColumnSource, SchemaElement } from 'hyparquet-writer'
import { DataError } from '../errors.ts'
import type { RolloutRow } from './rollout-rows.ts'

type Cell = string | number | boolean | Int32Array | Float32Array | undefined
type ColumnType = 'integer' | 'flag' | 'text' | 'integers' | 'floats'

interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly required?: true
  readonly rare?: true // written only where a row has it
  readonly oneOf?: readonly string[]
}

/** Every field of a row and its column, in the order of the file. An optional one may be missing from files of before it was there. */
const columns: Readonly<Record<keyof RolloutRow, Column>> = {
  group: { name: 'group', type: 'integer' },
  problem: { name: 'problem', type: 'text' },
  kind: { name: 'kind', type: 'text', required: true, oneOf: ['rollout', 'construction', 'source', 'demonstration'] },
  index: { name: 'index', type: 'integer', required: true },
  reward: { name: 'reward', type: 'integer' },
  undecided: { name: 'undecided', type: 'flag' },
  answer: { name: 'answer', type: 'text' },
  gold: { name: 'gold', type: 'text' },
  question: { name: 'question', type: 'text' },
  text: { name: 'text', type: 'text' },
  ending: { name: 'ending', type: 'text', oneOf: ['eos', 'stop', 'length'] },
  source: { name: 'source', type: 'integer' },
  reference: { name: 'reference', type: 'integer' },
  refusal: { name: 'refusal', type: 'text' },
  prefixLength: { name: 'prefix_length', type: 'integer' },
  diagnosisLength: { name: 'diagnosis_length', type: 'integer' },
  correctionLength: { name: 'correction_length', type: 'integer' },
  example: { name: 'example', type: 'integer' },
  exampleId: { name: 'example_id', type: 'text' },
  teacherPrompt: { name: 'teacher_prompt', type: 'integers', rare: true },
  promptLength: { name: 'prompt_length', type: 'integer', required: true },
  tokens: { name: 'tokens', type: 'integers', required: true },
  logprobs: { name: 'logprobs', type: 'floats' },
  sampledLogprobs: { name: 'sampled_logprobs', type: 'floats' },
  entropies: { name: 'entropies', type: 'floats' },
  weights: { name: 'weights', type: 'floats' },
  advantages: { name: 'advantages', type: 'floats' },
  analysis: { name: 'analysis', type: 'text' },
  replyText: { name: 'reply_text', type: 'text' },
  replyTokens: { name: 'reply_tokens', type: 'integers' },
}
const fields = Object.entries(columns) as [keyof RolloutRow, Column][]

const versionKey = 'tapo.rollouts'
const version = '1'

/** The bytes of a Parquet file; a pure function of the rows. Floats keep their bits. */
export function encodeRollouts(rows: readonly RolloutRow[], step: number): Uint8Array {
  const written = fields.filter(([field, { rare }]) => !rare || rows.some((row) => row[field] !== undefined))
  const buffer = parquetWriteBuffer({
    columnData: written.map(([field, column]) => columnData(rows, field, column)),
    schema: [{ name: 'root', num_children: written.length }, ...written.flatMap(([, column]) => schemaElements(column))],
    kvMetadata: [
      { key: versionKey, value: version },
      { key: 'tapo.step', value: String(step) },
    ],
    createdBy: 'tapo',
  })
  return new Uint8Array(buffer)
}

/** Reads a rollouts file; a DataError names a missing or damaged one. */
export async function readRollouts(path: string): Promise<RolloutRow[]> {
  const rows = await readObjects(path)
  return rows.map((row, i) => decodeRow(row, `${path}: row ${i}`))
}

async function readObjects(path: string): Promise<Record<string, unknown>[]> {
  try {
    const bytes = await readFile(path)
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
    const metadata = parquetMetadata(file)
    const found = metadata.key_value_metadata?.find(({ key }) => key === versionKey)?.value
    if (found !== version) throw new DataError(`rollouts format ${found ?? 'unknown'}, expected ${version}`)
    return await parquetReadObjects({ file, metadata })
  } catch (cause) {
    throw new DataError(`${path}: not a readable rollouts file, ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

function decodeRow(row: Readonly<Record<string, unknown>>, place: string): RolloutRow {
  const cells = fields.map(([field, column]) => [field, decodeCell(row[column.name], column, place)])
  return Object.fromEntries(cells) as RolloutRow
}

function decodeCell(value: unknown, column: Column, place: string): Cell {
  if (value === null || value === undefined) {
    if (column.required) throw new DataError(`${place}: ${column.name} is missing`)
    return undefined
  }
  const cell = convert(value, column.type)
  if (cell === undefined || (column.oneOf && !column.oneOf.includes(cell as string))) {
    throw new DataError(
      `${place}: ${column.name} is no ${column.oneOf?.join(' or ') ?? column.type}, ${JSON.stringify(value).slice(0, 40)}`,
    )
  }
  return cell
}

function convert(value: unknown, type: ColumnType): Cell {
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? value : undefined
    case 'flag':
      return typeof value === 'boolean' ? value : undefined
    case 'text':
      return typeof value === 'string' ? value : undefined
    case 'integers':
      return Array.isArray(value) ? Int32Array.from(value as number[]) : undefined
    case 'floats':
      return Array.isArray(value) ? Float32Array.from(value as number[]) : undefined
    default:
      return type satisfies never
  }
}

function columnData(rows: readonly RolloutRow[], field: keyof RolloutRow, { name, type }: Column): ColumnSource {
  const cells = rows.map((row) => {
    const cell: Cell = row[field]
    return typeof cell === 'object' ? Array.from(cell) : cell
  })
  // a dictionary would take -0 for 0
  return type === 'floats' ? { name, data: cells, encoding: 'PLAIN' } : { name, data: cells }
}

function schemaElements({ name, type, required }: Column): SchemaElement[] {
  const repetition_type = required ? 'REQUIRED' : 'OPTIONAL'
  switch (type) {
    case 'integer':
      return [{ name, type: 'INT32', repetition_type }]
    case 'flag':
      return [{ name, type: 'BOOLEAN', repetition_type }]
    case 'text':
      return [{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' }, repetition_type }]
    case 'integers':
      return listElements(name, 'INT32', repetition_type)
    case 'floats':
      return listElements(name, 'FLOAT', repetition_type)
    default:
      return type satisfies never
  }
}

function listElements(name: string, type: 'INT32' | 'FLOAT', repetition_type: 'REQUIRED' | 'OPTIONAL'): SchemaElement[] {
  return [
    { name, repetition_type, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', type, repetition_type: 'REQUIRED' },
  ]
}
