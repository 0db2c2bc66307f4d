/** Model folders with random weights, for measuring alone: speed does not depend on what a model knows. */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { discard } from '../src/engine/local/discard.ts'
import { writeCheckpoint } from '../src/model/checkpoint.ts'
import { type ModelConfig, parameterShapes } from '../src/model/config.ts'

const SCALE = 0.02 * Math.sqrt(12) // of a uniform distribution with standard deviation 0.02

/** Writes the folder, with a tokenizer of words w0, w1, ..., into a folder of its own in the system's temporary one. The caller removes that. */
export async function randomModel(config: ModelConfig): Promise<string> {
  const model = join(await mkdtemp(join(tmpdir(), 'tapo-bench-')), 'model')
  const tensors = new Map([...parameterShapes(config)].map(([name, shape]) => [name, randomWeights(shape)]))
  await writeCheckpoint(model, { config, tensors })
  discard([...tensors.values()]) // what is measured next in this process shall not hold them too
  await writeFile(join(model, 'tokenizer.json'), JSON.stringify(words(config.vocabularySize)))
  return model
}

/** A tokenizer.json: one token for each word, words parted by spaces. */
function words(vocabularySize: number): object {
  const vocab = Object.fromEntries(Array.from({ length: vocabularySize }, (_, id) => [`w${id}`, id]))
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordLevel', vocab, unk_token: 'w0' },
  }
}

/** Norms are ones; matrices are uniform around zero, from a 32-bit xorshift (fast, and good enough for this). */
function randomWeights(shape: readonly number[]): Float32Array {
  const size = shape.reduce((product, dim) => product * dim, 1)
  if (shape.length === 1) return new Float32Array(size).fill(1)
  let state = 2_463_534_242
  return Float32Array.from({ length: size }, () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return SCALE * ((state >>> 0) / 2 ** 32 - 0.5)
  })
}
