/** What the optimizer remembers, in memory and as a file beside a checkpoint's weights. */
import { join } from 'node:path'
import { DataError } from '../../errors.ts'
import { SafetensorsFile } from '../../model/safetensors.ts'
import { type NamedTensor, writeSafetensors } from '../../model/safetensors-writer.ts'

/** Weights, gradients or moments by Hugging Face name. */
export type Tensors = ReadonlyMap<string, Float32Array>

/** The same where arrays may give place to others. */
export type OwnTensors = Map<string, Float32Array>

/** First and second moments by weight, and the number of updates so far. */
export interface OptimizerState {
  readonly first: OwnTensors
  readonly second: OwnTensors
  updates: number
}

export function optimizerState(weights: Tensors): OptimizerState {
  const zeros = (): OwnTensors => new Map([...weights].map(([name, data]) => [name, new Float32Array(data.length)]))
  return { first: zeros(), second: zeros(), updates: 0 }
}

const STATE_FILE = 'optimizer.safetensors'

/** Writes the state beside a checkpoint's weights, exactly. */
export async function writeOptimizer(directory: string, { first, second, updates }: OptimizerState): Promise<void> {
  const named = (moment: string, tensors: Tensors): NamedTensor[] =>
    [...tensors].map(([name, data]) => ({ name: `${moment}.${name}`, shape: [data.length], data }))
  await writeSafetensors(join(directory, STATE_FILE), [...named('first', first), ...named('second', second)], {
    metadata: { updates: String(updates) },
  })
}

/** Reads the state that belongs to `weights`. Throws DataError. */
export async function readOptimizer(directory: string, weights: Tensors): Promise<OptimizerState> {
  const file = await SafetensorsFile.open(join(directory, STATE_FILE))
  try {
    const updates = Number(file.metadata['updates'])
    if (!Number.isInteger(updates)) throw new DataError(`${file.path}: updates is ${file.metadata['updates']}, not a number of updates`)
    const state = optimizerState(weights)
    for (const [name, values] of state.first) await file.readInto(`first.${name}`, values)
    for (const [name, values] of state.second) await file.readInto(`second.${name}`, values)
    return { ...state, updates }
  } finally {
    await file.close()
  }
}
