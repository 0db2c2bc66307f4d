import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from './config-file.ts'
import { checkVocabulary } from './vocabulary.ts'

test('a tokenizer must not have more tokens than the model has embeddings', async () => {
  const config = await readConfig(join(import.meta.dirname, 'fixtures', 'llama'))
  expect(() => checkVocabulary({ vocabularySize: 41, endTokens: [2] }, config)).toThrow(
    "tokenizer: its vocabulary is larger than the model's embedding, 41 and 40",
  )
  expect(() => checkVocabulary({ vocabularySize: 40, endTokens: [40] }, config)).toThrow('end token 40 has no embedding')
  for (const vocabularySize of [40, 33]) expect(() => checkVocabulary({ vocabularySize, endTokens: [2] }, config)).not.toThrow()
})
