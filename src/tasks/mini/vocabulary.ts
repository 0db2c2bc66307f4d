/** The mini-world's tokenizer as the files of an ordinary Hugging Face tokenizer: one token a word, words between white space. */
import { endWord, grammarWords, largestNumber, operators, paddingWord, quantities } from './words.ts'

/** All words in the order of their ids. */
export const vocabulary: readonly string[] = [
  paddingWord,
  endWord,
  ...grammarWords,
  ...operators,
  ...Array.from({ length: largestNumber }, (_, i) => String(i + 1)),
  ...quantities,
]

export const endToken = 1

/** File names and contents. */
export function tokenizerFiles(): Readonly<Record<'tokenizer.json' | 'tokenizer_config.json' | 'generation_config.json', object>> {
  const special = [paddingWord, endWord].map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }))
  return {
    'tokenizer.json': {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: special,
      normalizer: null,
      pre_tokenizer: { type: 'WhitespaceSplit' },
      post_processor: null,
      decoder: null, // tokens joined by spaces
      model: { type: 'WordLevel', vocab: Object.fromEntries(vocabulary.map((word, id) => [word, id])), unk_token: paddingWord },
    },
    'tokenizer_config.json': {
      tokenizer_class: 'PreTrainedTokenizerFast',
      eos_token: endWord,
      pad_token: paddingWord,
      model_max_length: 512,
      clean_up_tokenization_spaces: false,
    },
    'generation_config.json': { eos_token_id: endToken, pad_token_id: 0 },
  }
}
