/** `tapo score`: its options and help. */
import { Command } from 'commander'

export interface ScoreOptions {
  readonly tokens: string
  readonly json?: boolean
}

const help = `
Examples:
  tapo score starter --tokens "[5, 2, 44]" --json
  tapo score DIR --tokens tokens.json --json     { "logprobs": [null, ...], "entropies": [null, ...] }

Index t speaks of token t given the tokens before it: natural log, nats, temperature 1.`

export function scoreCommand(): Command {
  return new Command('score')
    .description('log-probability and entropy of each token of a sequence')
    .argument('<model>', 'Hugging Face model folder, a run (its newest checkpoint), or the word starter')
    .requiredOption('--tokens <json|file>', 'token ids: a JSON array, or a file that holds one')
    .option('--json', 'as JSON')
    .addHelpText('after', help)
    .action(async (model: string, options: ScoreOptions) => {
      const { score } = await import('../work/score.ts')
      await score(model, options)
    })
}
