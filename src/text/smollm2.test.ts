/**
 * The tokenizer and the weights' folder of a real model, SmolLM2-135M-Instruct, against numbers that transformers gave. Runs where TAPO_SMOLLM2
 * names its Hugging Face folder and TAPO_SMOLLM2_GOLDEN the file of numbers; they are too large to come along.
 */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { Message } from './chat-template.ts'
import { loadTokenizer } from './load-tokenizer.ts'

const folder = process.env['TAPO_SMOLLM2'] ?? ''
const golden = process.env['TAPO_SMOLLM2_GOLDEN'] ?? ''

interface Case {
  readonly messages?: readonly Message[]
  readonly text: string
  readonly ids: readonly number[]
  readonly greedy24_ids?: readonly number[]
  readonly greedy24_text?: string
}

test.skipIf(folder === '' || golden === '')(
  'SmolLM2 prompts and texts have the ids that transformers gives (skipped unless TAPO_SMOLLM2 and TAPO_SMOLLM2_GOLDEN are set)',
  async () => {
    const tokenizer = await loadTokenizer(folder)
    const { cases } = JSON.parse(await readFile(golden, 'utf8')) as { readonly cases: readonly Case[] }
    expect(cases.length).toBeGreaterThan(0)
    for (const { messages, text, ids, ...greedy } of cases) {
      expect([...(messages ? tokenizer.chat(messages) : tokenizer.encode(text))]).toEqual(ids)
      expect(tokenizer.decode(greedy.greedy24_ids ?? [])).toBe((greedy.greedy24_text ?? '').replaceAll('<|im_end|>', ''))
    }
    expect(tokenizer.vocabularySize).toBe(49_152)
    expect(tokenizer.endTokens).toEqual([2])
  },
)
