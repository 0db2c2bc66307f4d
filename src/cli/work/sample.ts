/** What `tapo sample` does. */
import { localTrainer } from '../../engine/local/trainer.ts'
import { modelFolder } from '../../experiments/prepare.ts'
import { seedOf } from '../../random.ts'
import { loadTokenizer } from '../../text/load-tokenizer.ts'
import type { Completion } from '../../types.ts'
import type { SampleOptions } from '../commands/sample.ts'
import { terminal } from '../terminal.ts'
import { printable } from '../views/format.ts'
import { jsonOf } from './json.ts'

export async function sample(
  path: string,
  prompt: string,
  { count, maxTokens, temperature, seed, json = false }: SampleOptions,
): Promise<void> {
  const model = modelFolder(path)
  const tokenizer = await loadTokenizer(model)
  const trainer = await localTrainer({ model })
  try {
    const policy = await trainer.policy()
    const sampling = { count, maxTokens, temperature, topK: 0, topP: 1, minP: 0, stop: [] }
    const [completions = []] = await policy.sample([{ prompt: tokenizer.prompt(prompt), seed: seedOf(seed) }], sampling)
    const answers = completions.map((completion) => ({ text: tokenizer.decode(completion.tokens), ...completion }))
    console.log(json ? jsonOf(answers) : answers.map((answer, i) => answerText(answer, i, count)).join('\n\n'))
  } finally {
    await trainer.close()
  }
}

/** The text alone where there is one answer; with its number and how it ended where there are more. */
function answerText({ text, tokens, end }: Completion & { readonly text: string }, index: number, count: number): string {
  if (count === 1) return printable(text)
  const ended = end === 'length' ? ', met the token limit' : ''
  return `${terminal().paint('dim', `answer ${index}, ${tokens.length} tokens${ended}`)}\n${printable(text)}`
}
