/** The engine against torch and transformers: the numbers that scripts/fixtures/make_models.py and make_divergences.py wrote. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readCheckpoint } from '../../model/checkpoint.ts'
import { SafetensorsFile } from '../../model/safetensors.ts'
import type { Example } from '../../types.ts'
import type { Direction, PolicyVersion, StepReport, Update } from '../engine.ts'
import { inProcess } from './fixtures/in-process.ts'
import { optimizerState, type Tensors } from './optimizer-state.ts'

interface Reference {
  readonly examples: readonly Example[]
  readonly scores: readonly { readonly logprobs: readonly number[]; readonly entropies: readonly number[] }[]
  readonly objectives: Readonly<Record<string, StepReport & { readonly objective: Update['objective'] }>>
  readonly steps: readonly { readonly update: Update; readonly advantageScale: number; readonly report: StepReport }[]
}

const options = { threads: 2, lanes: 1, activationBytes: 1e9 }
const fixtures = join(import.meta.dirname, '../../model/fixtures')

function readReference(folder: string): Reference {
  const raw = JSON.parse(readFileSync(join(folder, 'reference.json'), 'utf8')) as Reference
  const examples = raw.examples.map((example) => ({
    ...example,
    tokens: Int32Array.from(example.tokens),
    logprobs: Float32Array.from(example.logprobs),
    advantages: Float32Array.from(example.advantages),
  }))
  return { ...raw, examples }
}

/** The largest difference, relative to the largest value. */
function difference(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  let [apart, scale] = [0, 1e-30]
  for (let i = 0; i < theirs.length; i++) {
    apart = Math.max(apart, Math.abs((ours[i] as number) - (theirs[i] as number)))
    scale = Math.max(scale, Math.abs(theirs[i] as number))
  }
  return apart / scale
}

/** With beta1 = 0 the first moment is the gradient itself; with a learning rate of 0 the weights stay. */
const gradientAlone = { learningRate: 0, beta1: 0, beta2: 0, epsilon: 1, weightDecay: 0, maxGradientNorm: Infinity }

/** The figures that are not those expected. */
function misreported(report: StepReport, expected: Readonly<Record<string, number>>): string[] {
  const apart = (name: string, value: number): number => Math.abs((report[name as keyof StepReport] ?? Infinity) - value)
  return Object.entries(expected).flatMap(([name, value]) => (apart(name, value) < 1e-4 * Math.max(1, Math.abs(value)) ? [] : [name]))
}

/** The weights whose gradients are not alike. */
function unlike(ours: Tensors, theirs: Tensors): string[] {
  const size = (values: Float32Array): number => Math.max(...values.map(Math.abs))
  const largest = Math.max(...[...theirs.values()].map(size))
  const isAlike = ([weight, gradient]: readonly [string, Float32Array]): boolean => {
    const their = theirs.get(weight)!
    // A gradient that is zero in exact arithmetic (the key bias of attention) is rounding noise on both sides.
    return size(their) > 1e-5 * largest ? difference(gradient, their) < 1e-4 : size(gradient) < 1e-4 * largest
  }
  return [...ours].flatMap((entry) => (isAlike(entry) ? [] : [entry[0]]))
}

/** Tensors of the model's names behind a prefix. */
async function tensorsOf(path: string, prefix: string, names: Tensors): Promise<Tensors> {
  const file = await SafetensorsFile.open(path)
  const read = new Map<string, Float32Array>()
  for (const name of names.keys()) read.set(name, await file.read(`${prefix}${name}`))
  await file.close()
  return read
}

describe.each(['llama', 'qwen2', 'qwen3'])('%s', (name) => {
  const folder = join(fixtures, name)
  const reference = readReference(folder)

  test('log-probabilities and entropies are those of transformers', async () => {
    const { config, tensors } = await readCheckpoint(folder)
    const engine = inProcess(config, options)
    const scores = await engine.score(
      tensors,
      reference.examples.map(({ tokens }) => ({ tokens, from: 1 })),
    )
    scores.forEach(({ logprobs, entropies }, i) => {
      expect(difference(logprobs, reference.scores[i]!.logprobs)).toBeLessThan(1e-5)
      expect(difference(entropies, reference.scores[i]!.entropies)).toBeLessThan(1e-5)
    })
    await engine.dispose()
  })

  test.each(Object.keys(reference.objectives))('loss, figures and every gradient of %s are those of torch', async (kind) => {
    const { config, tensors } = await readCheckpoint(folder)
    const engine = inProcess(config, options)
    const state = optimizerState(tensors)
    const { objective, ...expected } = reference.objectives[kind]!
    const report = await engine.step(tensors, state, reference.examples, { objective, ...gradientAlone })
    expect(misreported(report, expected)).toEqual([])
    expect(unlike(state.first, await tensorsOf(join(folder, 'reference.safetensors'), `${kind}/`, tensors))).toEqual([])
    await engine.dispose()
  })

  test('three AdamW steps lead to the weights of torch', async () => {
    const { config, tensors } = await readCheckpoint(folder)
    const engine = inProcess(config, options)
    const state = optimizerState(tensors)
    const file = await SafetensorsFile.open(join(folder, 'reference.safetensors'))
    for (const [index, { update, advantageScale, report: expected }] of reference.steps.entries()) {
      const examples = reference.examples.map((example) => ({ ...example, advantages: example.advantages.map((a) => a * advantageScale) }))
      const report = await engine.step(tensors, state, examples, update)
      expect(Math.abs(report.loss - expected.loss) / Math.abs(expected.loss)).toBeLessThan(1e-4)
      for (const [weight, values] of tensors)
        expect(difference(values, await file.read(`after.${index + 1}/${weight}`)), weight).toBeLessThan(1e-4)
    }
    await Promise.all([file.close(), engine.dispose()])
  })
})

interface Divergences {
  readonly teacherPrompts: readonly (readonly number[] | null)[]
  readonly cases: readonly {
    readonly name: string
    readonly direction: Direction
    readonly cap: number | null
    readonly report: Readonly<Record<string, number>>
  }[]
}

describe.each(['llama', 'qwen3'])('divergences of %s', (model) => {
  const folder = join(fixtures, model)
  const { teacherPrompts, cases } = JSON.parse(readFileSync(join(folder, 'divergence.json'), 'utf8')) as Divergences
  const examples = readReference(folder).examples.map((example, i): Example => {
    const prompt = teacherPrompts[i]
    return { ...example, advantages: example.advantages.map(Math.abs), ...(prompt && { teacherPrompt: Int32Array.from(prompt) }) }
  })

  test.each(cases)('loss, figures and every gradient of $name are those of torch', async ({ name, direction, cap, report: expected }) => {
    const { config, tensors } = await readCheckpoint(folder)
    const teacher = await tensorsOf(join(folder, 'reference.safetensors'), 'after.2/', tensors)
    const engine = inProcess(config, options)
    const state = optimizerState(tensors)
    const objective = { kind: 'divergence', direction, cap: cap ?? Infinity, teacher: 0 as PolicyVersion } as const
    const report = await engine.step(tensors, state, examples, { objective, ...gradientAlone }, teacher)
    expect(misreported(report, expected)).toEqual([])
    expect(unlike(state.first, await tensorsOf(join(folder, 'divergence.safetensors'), `${name}/`, tensors))).toEqual([])
    await engine.dispose()
  })
})
