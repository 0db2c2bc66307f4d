/** Model folders with random weights, for measuring alone: speed does not depend on what a model knows. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeCheckpoint } from '../src/model/checkpoint.ts'
import { type ModelConfig, parameterShapes } from '../src/model/config.ts'

const SCALE = 0.02 * Math.sqrt(12) // of a uniform distribution with standard deviation 0.02

/** Writes the folder into the system's temporary folder and gives its path. The caller removes it. */
export async function randomModel(config: ModelConfig): Promise<string> {
  const model = join(await mkdtemp(join(tmpdir(), 'tapo-bench-')), 'model')
  const tensors = new Map([...parameterShapes(config)].map(([name, shape]) => [name, randomWeights(shape)]))
  await writeCheckpoint(model, { config, tensors })
  return model
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
