/** What `tapo sample` does. */
import { localTrainer } from '../../engine/local/trainer.ts'
import { UsageError } from '../../errors.ts'
import { openModel } from '../../experiments/model.ts'
import { seedOf } from '../../random.ts'
import type { SampleOptions } from '../commands/sample.ts'
import { terminal } from '../terminal.ts'
import { type Answer, answersText } from '../views/answers.ts'
import { jsonOf } from './json.ts'

export async function sample(
  path: string,
  prompt: string,
  { seed, raw = false, json = false, stop = [], ...limits }: SampleOptions,
): Promise<void> {
  const { model, modelConfig, tokenizer } = await openModel(path)
  const tokens = raw ? tokenizer.encode(prompt) : tokenizer.prompt(prompt)
  if (tokens.length === 0) throw new UsageError('<prompt>: is empty, an answer needs at least one token before it')
  if (tokens.length >= modelConfig.contextLength)
    throw new UsageError(
      `<prompt>: ${tokens.length} tokens leave no room for an answer in the model's context of ${modelConfig.contextLength}; shorten it`,
    )
  if (stop.includes('')) throw new UsageError('--stop: is empty, name the text at which an answer ends')
  const trainer = await localTrainer({ model })
  try {
    const policy = await trainer.policy()
    const [completions = []] = await policy.sample([{ prompt: tokens, seed: seedOf(seed) }], { ...limits, stop })
    const answers = completions.map((completion): Answer => ({ text: tokenizer.decode(completion.tokens), ...completion }))
    console.log(json ? jsonOf(answers) : answersText(answers, terminal().paint))
  } finally {
    await trainer.close()
  }
}
