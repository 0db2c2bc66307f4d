/** What a data set is asked for by: a named set, a file or a folder of files, with a name of one's own or a known one before `=`. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { UsageError } from '../errors.ts'
import { fetchHub, parseHub } from './hub.ts'
import { type Fields, usualFields } from './fields.ts'
import { openRows, type Rows, type RowsOptions } from './rows.ts'
import { namedSet, namedSets } from './sets.ts'

/** `aime-2024`, `aime-2024=benchmarks/aime24.jsonl`, `mine=problems.parquet`, `data/problems.jsonl`, `folder`. */
export interface Source {
  readonly name: string
  readonly location: string
  readonly fields: Fields
}

/** Fields by their names in the file; an empty one is what its set or most files call it. */
export type FieldNames = Readonly<Record<'problem' | 'answer' | 'solution' | 'id', string>>

const FILE = /\.(?:jsonl|parquet)$/

/**
 * Reads no file. UsageError for a name that is none. `names` are of a source that is not known by name; one that is keeps its own, and
 * takes them where it lacks its own. `isBeside`: they were given for another source, so that the usual ones stand behind them.
 */
export function parseSource(text: string, names: Partial<FieldNames> = {}, isBeside: boolean = false): Source {
  const [, label = '', given = ''] = /^(?:([\w.-]+)=)?(.*)$/s.exec(text) ?? []
  const known = namedSet(label === '' ? given : label)
  const location = known !== undefined && label === '' ? known.source : given
  if (location === '') throw new UsageError(`${text}: names no file; write a path, or ${namedSets.map((set) => set.name).join(', ')}`)
  const name = known?.name ?? (label === '' ? basename(location).replace(FILE, '') : label)
  const order = known !== undefined ? 'last' : isBeside ? 'first' : 'alone'
  return { name, location, fields: renamed(known?.fields ?? usualFields, names, order) }
}

/** A set's fields with the given ones in place of its own, before them or behind them. */
function renamed(own: Fields, names: Partial<FieldNames>, order: 'alone' | 'first' | 'last'): Fields {
  const ofField = (field: keyof FieldNames): readonly string[] => {
    const [others, name = ''] = [own[field], names[field]]
    if (name === '') return others
    return order === 'alone' ? [name] : order === 'first' ? [name, ...others] : [...others, name]
  }
  return { ...own, problem: ofField('problem'), answer: ofField('answer'), solution: ofField('solution'), id: ofField('id') }
}

/** Opens every file of a source. UsageError where there is none, DataError where one cannot be read. */
export async function openSource({ name, location, fields }: Source, fault?: RowsOptions['fault']): Promise<Rows[]> {
  const remote = parseHub(location)
  const paths = remote === undefined ? filesAt(location) : [await fetchHub(remote)]
  const opened: Rows[] = []
  for (const path of paths) {
    const own = paths.length === 1 ? name : `${name}/${basename(path).replace(FILE, '')}`
    opened.push(await openRows(path, { name: own, fields, ...(fault && { fault }) }))
  }
  return opened
}

function filesAt(location: string): string[] {
  if (!existsSync(location)) {
    const names = namedSets.map((set) => set.name).join(', ')
    throw new UsageError(`${location}: no such file or folder; a data set is a JSONL or Parquet file, a folder of them, or one of ${names}`)
  }
  if (!statSync(location).isDirectory()) return [location]
  const files = readdirSync(location)
    .filter((file) => FILE.test(file))
    .toSorted()
  if (files.length === 0) throw new UsageError(`${location}: holds no .jsonl and no .parquet file`)
  return files.map((file) => join(location, file))
}
