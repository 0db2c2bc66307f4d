/** The weights of a model folder, wherever they lie: in one safetensors file or in shards with an index. Names and shapes, not meaning. */
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { DataError } from '../errors.ts'
import { isObject, readJsonObject } from '../text/json-file.ts'
import { SafetensorsFile } from './safetensors.ts'

const single = 'model.safetensors'
const index = 'model.safetensors.index.json'

/** Buffers that old checkpoints carry and that are computed from the config instead, as transformers does. */
const computed = /^model\.layers\.\d+\.self_attn\.rotary_emb\.inv_freq$/

const head = 'lm_head.weight'

/** Open files. Close them. */
export class WeightFiles {
  readonly #directory: string
  readonly #files: readonly SafetensorsFile[]
  readonly #homes: ReadonlyMap<string, SafetensorsFile> // tensor to the file that holds it

  private constructor(directory: string, files: readonly SafetensorsFile[], homes: ReadonlyMap<string, SafetensorsFile>) {
    this.#directory = directory
    this.#files = files
    this.#homes = homes
  }

  /** Opens the single file, or every shard of the index. Throws DataError. */
  static async open(directory: string): Promise<WeightFiles> {
    if (existsSync(join(directory, single))) {
      const file = await SafetensorsFile.open(join(directory, single))
      return new WeightFiles(directory, [file], new Map([...file.entries.keys()].map((name) => [name, file])))
    }
    const files = new Map<string, SafetensorsFile>()
    try {
      const homes = new Map<string, SafetensorsFile>()
      for (const [name, fileName] of await readIndex(directory)) {
        const file = files.get(fileName) ?? (await SafetensorsFile.open(join(directory, fileName)))
        files.set(fileName, file)
        homes.set(name, file)
      }
      return new WeightFiles(directory, [...files.values()], homes)
    } catch (error) {
      for (const file of files.values()) await file.close()
      throw error
    }
  }

  /** Throws DataError unless the files hold exactly these tensors in these shapes (an lm_head of tied embeddings and computed buffers aside). */
  check(shapes: ReadonlyMap<string, readonly number[]>): void {
    for (const [name, shape] of shapes) {
      const file = this.#home(name)
      const found = file.entries.get(name)
      if (!found) throw new DataError(`${file.path}: tensor ${name} is missing, though ${index} places it there`)
      if (found.shape.join() !== shape.join()) {
        throw new DataError(`${file.path}: tensor ${name} has shape [${found.shape}], but config.json makes it [${shape}]`)
      }
    }
    for (const [name, file] of this.#homes) {
      if (shapes.has(name) || name === head || computed.test(name)) continue
      throw new DataError(`${file.path}: tensor ${name} has no place in the model of config.json; remove it or correct config.json`)
    }
  }

  async readInto(name: string, into: Float32Array): Promise<void> {
    await this.#home(name).readInto(name, into)
  }

  /** Throws DataError if there is an lm_head that differs from the embeddings it is said to be tied to. */
  async checkTied(embeddings: Float32Array): Promise<void> {
    const file = this.#homes.get(head)
    if (!file) return
    const values = await file.read(head)
    if (values.length === embeddings.length && values.every((value, i) => value === embeddings[i])) return
    throw new DataError(
      `${file.path}: tensor ${head} differs from the embeddings, but config.json has tie_word_embeddings; correct one of them`,
    )
  }

  async close(): Promise<void> {
    for (const file of this.#files) await file.close()
  }

  #home(name: string): SafetensorsFile {
    const file = this.#homes.get(name)
    if (!file) throw new DataError(`${this.#directory}: tensor ${name} is missing from the model's safetensors`)
    return file
  }
}

/** Tensor name to shard file name. */
async function readIndex(directory: string): Promise<ReadonlyArray<readonly [string, string]>> {
  const path = join(directory, index)
  const json = await readJsonObject(path)
  if (!json) throw new DataError(`${directory}: neither ${single} nor ${index}; convert the weights to safetensors`)
  const map = json['weight_map']
  if (!isObject(map)) throw new DataError(`${path}: no weight_map`)
  return Object.entries(map).map(([name, file]) => {
    // A name with a folder in it could point anywhere on the machine.
    if (typeof file !== 'string' || file === '' || basename(file) !== file || file.includes('\\')) {
      throw new DataError(`${path}: ${name} is placed in ${JSON.stringify(file)}, which is no file of this folder`)
    }
    return [name, file]
  })
}
