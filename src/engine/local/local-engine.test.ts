import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { seedOf } from '../../random.ts'
import { loadTokenizer } from '../../text/load-tokenizer.ts'
import { conformance } from '../conformance.ts'
import type { PolicyVersion, Sampling, Update } from '../engine.ts'
import { spellingModel } from './fixtures/spelling.ts'
import { localEngine } from './local-engine.ts'

const fixture = (name: string): string => join(import.meta.dirname, '../../model/fixtures', name)

for (const name of ['llama', 'qwen2', 'qwen3']) {
  conformance(`local engine, ${name}`, async () => {
    const model = spellingModel(fixture(name))
    const tokenizer = await loadTokenizer(model)
    return {
      trainer: await localEngine({ model, threads: 2 }),
      vocabularySize: 40,
      endToken: 2,
      decode: (tokens) => tokenizer.decode(tokens),
    }
  })
}

describe('local engine', () => {
  const update: Update = {
    objective: { kind: 'likelihood' },
    learningRate: 1e-3,
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
    weightDecay: 0,
    maxGradientNorm: 1,
  }
  const sampling: Sampling = { count: 2, maxTokens: 300, temperature: 1, topK: 0, topP: 1, minP: 0, stop: [] }

  test('names a token outside the vocabulary and a sequence beyond the context', async () => {
    const engine = await localEngine({ model: fixture('llama') })
    const policy = await engine.policy()
    await expect(policy.score([{ tokens: Int32Array.of(1, 40), from: 1 }])).rejects.toThrow(
      "sequence 0: token 40, the model's vocabulary has 40",
    )
    await expect(policy.sample([{ prompt: new Int32Array(256), seed: seedOf(1) }], sampling)).rejects.toThrow(
      "prompt 0: 256 tokens, the model's context holds 255",
    )
    await expect(policy.sample([{ prompt: new Int32Array(0), seed: seedOf(1) }], sampling)).rejects.toThrow('prompt 0: is empty')
    await engine.close()
  })

  test("names a teacher's prompt that is empty or leaves no room for the answer", async () => {
    const engine = await localEngine({ model: fixture('llama') })
    const objective = { kind: 'divergence', direction: 'forward', cap: 0.05, teacher: 0 as PolicyVersion } as const
    const numbers = { tokens: Int32Array.of(5, 6, 7), promptLength: 1, logprobs: new Float32Array(3), advantages: Float32Array.of(0, 1, 1) }
    const behind = (teacherPrompt: Int32Array) =>
      engine.step([{ id: 'one', origin: 'rollout', ...numbers, teacherPrompt }], { ...update, objective })
    await expect(behind(new Int32Array(0))).rejects.toThrow("example one: its teacher's prompt is empty")
    await expect(behind(new Int32Array(255))).rejects.toThrow(
      "example one behind its teacher's prompt: 257 tokens, the model's context holds 256",
    )
    await engine.close()
  })

  test('ends an answer where the context ends', async () => {
    const engine = await localEngine({ model: fixture('qwen2') })
    const policy = await engine.policy()
    const [answers] = await policy.sample([{ prompt: new Int32Array(250).fill(7), seed: seedOf(1) }], sampling)
    for (const { tokens, end } of answers!) expect(end === 'eos' || (end === 'length' && tokens.length === 6)).toBe(true)
    await engine.close()
  })

  test('a saved folder goes on byte for byte, and is a model folder itself', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'tapo-local-')), 'checkpoint')
    const example = {
      id: 'one',
      origin: 'demonstration' as const,
      tokens: Int32Array.of(5, 6, 7, 8),
      promptLength: 1,
      logprobs: new Float32Array(4),
      advantages: Float32Array.of(0, 1, 1, 1),
    }
    const [first, second] = [await localEngine({ model: fixture('qwen3') }), await localEngine({ model: fixture('qwen3') })]
    await first.step([example], update)
    await first.save(folder)
    await second.load(folder)
    expect(await second.step([example], update)).toEqual(await first.step([example], update))
    const opened = await localEngine({ model: folder })
    const policy = await opened.policy()
    expect(policy.version).toBe(0)
    for (const engine of [first, second, opened]) await engine.close()
  })
})
