/** Says that a prompt and the longest answer to it do not fit into the model's context; undefined where they do. All lengths in tokens. */
export function noRoom(prompt: number, { maxTokens, contextLength }: { maxTokens: number; contextLength: number }): string | undefined {
  if (prompt + maxTokens <= contextLength) return undefined
  return `a prompt of ${prompt} tokens and an answer of up to ${maxTokens} do not fit into the model's context of ${contextLength}`
}
