/** `tapo filter`: its options and help. */
import { Command } from 'commander'
import type { Overrides } from '../work/configure.ts'
import { collected, integer, share } from '../options.ts'

export interface FilterOptions extends Overrides {
  readonly problems?: number
  readonly samples?: number
  readonly least: number
  readonly most: number
  readonly json?: boolean
}

const help = `
Examples:
  tapo filter quick --problems 2000
  tapo filter gsm8k --model DIR --data data/gsm8k --samples 16 --least 0.1 --most 0.9
  tapo train quick --set rollout.only=runs/quick-filter/kept.jsonl

Problems that the starting model answers right nearly never or nearly always teach nothing. The accuracies are in accuracies.jsonl of the
folder, the problems to train on in kept.jsonl, each with its accuracy. The same command goes on after an interruption, answers nothing
twice, and with other bounds only writes kept.jsonl again.`

export function filterCommand(): Command {
  return new Command('filter')
    .description("the training problems at the edge of a model's ability, by its own accuracy")
    .argument('<experiment|file>', 'an experiment by name, or a YAML or JSON file')
    .option('--model <dir>', 'Hugging Face model folder, a run, or the word starter (model.path)')
    .option('--data <dir>', "folder of the task's files (task.data)")
    .option('--problems <n>', 'the first n training problems; by default all', integer(1))
    .option('--samples <n>', 'answers to each (rollout.groupSize)', integer(1))
    .option('--least <share>', 'least accuracy of a problem that is kept', share, 0.125)
    .option('--most <share>', 'most accuracy', share, 0.875)
    .option('--seed <n>', 'seed of every random number (seed)', integer(0))
    .option('--out <dir>', 'the folder; by default runs/<name>-filter')
    .option('--set <path=value>', 'alters any key; may be repeated', collected)
    .option('--json', 'the outcome as JSON')
    .addHelpText('after', help)
    .action(async (target: string, options: FilterOptions) => {
      const { filter } = await import('../work/filter.ts')
      await filter(target, options)
    })
}
