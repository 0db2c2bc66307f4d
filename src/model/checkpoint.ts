/**
 * Model folders in the Hugging Face layout: config.json, model.safetensors (or shards with an index), tokenizer files. Weights are read
 * straight into memory the caller owns, and a written folder appears whole or not at all. Optimizer state is the engine's own matter.
 */
import { existsSync } from 'node:fs'
import { copyFile, open, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreError, storeError } from '../errors.ts'
import { readJsonObject } from '../text/json-file.ts'
import { flushNames, partName, renameDurably } from './atomic-file.ts'
import { configJson, configText, readConfig } from './config-file.ts'
import { parameterShapes, type ModelConfig } from './config.ts'
import { makeFolder } from './make-folder.ts'
import { elements, type FloatType } from './safetensors-header.ts'
import { writeSafetensors } from './safetensors-writer.ts'
import { WeightFiles } from './weight-files.ts'

/** A model in memory: every parameter of `parameterShapes(config)`, in that order, as F32. */
export interface Checkpoint {
  readonly config: ModelConfig
  readonly tensors: ReadonlyMap<string, Float32Array>
}

/** Where a parameter's values shall live: an array of exactly `size` places, possibly shared between threads. */
export type Place = (name: string, size: number) => Float32Array

/** What a folder is written from. */
export interface CheckpointContents extends Checkpoint {
  readonly source?: string // a model folder whose tokenizer, templates and generation settings are taken along, byte for byte
  readonly dtype?: FloatType // of the weights; F32 by default, which loses nothing
  readonly also?: (folder: string) => Promise<void> // writes more files before the folder gets its name
}

/** Files that belong to a model and that training does not change. */
const companions: ReadonlySet<string> = new Set(
  'tokenizer.json tokenizer_config.json special_tokens_map.json added_tokens.json vocab.json merges.txt tokenizer.model chat_template.jinja chat_template.json generation_config.json LICENSE'.split(
    ' ',
  ),
)

/**
 * Reads a model folder. All names and shapes are checked before the first weight is read. With tied embeddings a redundant lm_head.weight
 * must equal the embeddings: transformers 4 would ignore it and 5 would untie it, so any other is refused. Throws DataError.
 */
export async function readCheckpoint(directory: string, place: Place = (_, size) => new Float32Array(size)): Promise<Checkpoint> {
  const config = await readConfig(directory)
  const files = await WeightFiles.open(directory)
  try {
    const shapes = parameterShapes(config)
    files.check(shapes)
    const tensors = new Map<string, Float32Array>()
    for (const [name, shape] of shapes) {
      const values = place(name, elements(shape))
      await files.readInto(name, values)
      tensors.set(name, values)
    }
    if (config.tiedEmbeddings) await files.checkTied(tensors.get('model.embed_tokens.weight') as Float32Array)
    return { config, tensors }
  } finally {
    await files.close()
  }
}

/** Writes a model folder that transformers 4 and 5 load. `directory` must not exist; it is complete when the promise resolves. Throws StoreError. */
export async function writeCheckpoint(directory: string, contents: CheckpointContents): Promise<void> {
  if (existsSync(directory)) throw new StoreError(`${directory}: is there already; choose another name or remove it`)
  const temporary = partName(directory)
  try {
    await rm(temporary, { recursive: true, force: true }) // of a save that was killed
    makeFolder(temporary)
    await writeFiles(temporary, contents)
    await flush(temporary)
    await renameDurably(temporary, directory)
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true })
    throw storeError(directory, cause)
  }
}

async function writeFiles(folder: string, { config, tensors, source, dtype = 'F32', also }: CheckpointContents): Promise<void> {
  const sourceConfig = source === undefined ? undefined : await readJsonObject(join(source, 'config.json'))
  await writeFile(join(folder, 'config.json'), configText(configJson(config, dtype, sourceConfig)))
  if (source !== undefined) await copyCompanions(source, folder)
  const parameters = [...parameterShapes(config)].map(([name, shape]) => ({ name, shape, data: present(tensors, name) }))
  await writeSafetensors(join(folder, 'model.safetensors'), parameters, { dtype })
  await also?.(folder)
}

function present(tensors: ReadonlyMap<string, Float32Array>, name: string): Float32Array {
  const data = tensors.get(name)
  if (!data) throw new StoreError(`model.safetensors: no values for ${name}`)
  return data
}

async function copyCompanions(source: string, folder: string): Promise<void> {
  for (const name of (await readdir(source)).filter((each) => companions.has(each))) await copyFile(join(source, name), join(folder, name))
}

/** Puts every file of a flat folder onto the disk, so that the name it gets cannot outlive its contents. */
async function flush(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    await using file = await open(join(folder, name), 'r+')
    await file.sync()
  }
  await flushNames(folder)
}
