/** Data only: the tags of a synthesis reply. They must be ordinary text to the tokenizer: special tokens are left out of decoded text. */
export const tags = {
  analysis: { open: '<analysis>', close: '</analysis>' },
  reconstruction: { open: '<reconstruction>', close: '</reconstruction>' },
} as const
