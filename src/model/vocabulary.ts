/** Whether a tokenizer and a model belong together. */
import { DataError } from '../errors.ts'
import type { Tokenizer } from '../text/tokenizer.ts'
import type { ModelConfig } from './config.ts'

/**
 * Throws DataError for a tokenizer that can write tokens for which the model has no embedding. The other way round is
 * ordinary: embeddings are padded to round sizes.
 */
export function checkVocabulary(tokenizer: Pick<Tokenizer, 'vocabularySize' | 'endTokens'>, config: ModelConfig): void {
  const { vocabularySize, endTokens } = tokenizer
  if (vocabularySize > config.vocabularySize) {
    throw new DataError(
      `tokenizer: its vocabulary is larger than the model's embedding, ${vocabularySize} and ${config.vocabularySize}; they are not of one model`,
    )
  }
  const outside = endTokens.find((id) => id >= config.vocabularySize)
  if (outside !== undefined)
    throw new DataError(`tokenizer: end token ${outside} has no embedding in a vocabulary of ${config.vocabularySize}`)
}
