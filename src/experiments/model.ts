/** A model as it lies on the disk: its folder, its shape and its tokenizer, which belong together. No weights are read. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UsageError } from '../errors.ts'
import { readConfig } from '../model/config-file.ts'
import type { ModelConfig } from '../model/config.ts'
import { checkVocabulary } from '../model/vocabulary.ts'
import { latestCheckpoint } from '../store/checkpoint.ts'
import type { Json } from '../store/events.ts'
import { readRun } from '../store/reader.ts'
import { loadTokenizer } from '../text/load-tokenizer.ts'
import type { Tokenizer } from '../text/tokenizer.ts'

export interface Model {
  readonly model: string // its folder
  readonly modelConfig: ModelConfig
  readonly tokenizer: Tokenizer
}

/** `path` as `modelFolder` takes it. DataError for files that are missing or malformed, and for a tokenizer of another model. */
export async function openModel(path: string, templateVariables: Readonly<Record<string, Json>> = {}): Promise<Model> {
  const model = modelFolder(path)
  const modelConfig = await readConfig(model)
  const tokenizer = await loadTokenizer(model, templateVariables)
  checkVocabulary(tokenizer, modelConfig)
  return { model, modelConfig, tokenizer }
}

/** The folder of a model: `starter` is the one that ships with the package, and a run stands for its newest checkpoint. */
export function modelFolder(path: string): string {
  if (path === '') throw new UsageError('model.path: not given; name a Hugging Face model folder with --model DIR')
  if (path === 'starter') return fileURLToPath(new URL('../../starter', import.meta.url))
  if (!existsSync(path)) throw new UsageError(`${path}: no such folder; a model is a Hugging Face folder, a run, or the word starter`)
  if (!existsSync(join(path, 'events.jsonl'))) return path
  const checkpoint = latestCheckpoint(path, readRun(path).events)
  if (checkpoint === undefined)
    throw new UsageError(`${path}: this run has no checkpoint yet; its model is the one that it was started with`)
  return resolve(path, checkpoint.directory)
}
