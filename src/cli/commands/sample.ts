/** `tapo sample`: its options and help. */
import { Command } from 'commander'
import { amount, collected, integer, positiveShare, shareBelowOne } from '../options.ts'

export interface SampleOptions {
  readonly count: number
  readonly maxTokens: number
  readonly temperature: number
  readonly topK: number
  readonly topP: number
  readonly minP: number
  readonly stop?: readonly string[]
  readonly seed: number
  readonly raw?: boolean
  readonly json?: boolean
}

const help = `
Examples:
  tapo sample starter "rings is 2 . gems is rings plus 5 . gems ?" --count 4
  tapo sample runs/quick "rings is 2 . gems is rings plus 5 . gems ?" --temperature 0
  tapo sample DIR "How many legs have 3 cats?" --json
  tapo sample DIR "Once upon a time" --raw --top-p 0.9 --stop "."`

export function sampleCommand(): Command {
  return new Command('sample')
    .description('answers of a model to a prompt (asked by its chat template, where it has one)')
    .argument('<model>', 'Hugging Face model folder, a run (its newest checkpoint), or the word starter')
    .argument('<prompt>', 'what to ask')
    .option('--count <n>', 'answers', integer(1), 1)
    .option('--max-tokens <n>', 'tokens of an answer', integer(1), 128)
    .option('--temperature <t>', '0 = greedy', amount, 1)
    .option('--top-k <n>', 'draws from the n likeliest tokens; 0 = off', integer(0), 0)
    .option('--top-p <p>', 'draws from the likeliest tokens that together have this probability; 1 = off', positiveShare, 1)
    .option('--min-p <p>', 'draws from tokens with at least this share of the largest probability; 0 = off', shareBelowOne, 0)
    .option('--stop <text>', 'an answer ends where it says this; may be repeated', collected)
    .option('--seed <n>', 'seed of the random numbers', integer(0), 1)
    .option('--raw', 'the prompt as it stands, continued, without the chat template')
    .option('--json', 'texts, tokens and log-probabilities as JSON')
    .addHelpText('after', help)
    .action(async (model: string, prompt: string, options: SampleOptions) => {
      const { sample } = await import('../work/sample.ts')
      await sample(model, prompt, options)
    })
}
