/** `tapo coldstart`: its options and help. */
import { Command } from 'commander'
import type { Overrides } from '../work/configure.ts'
import { collected, integer } from '../options.ts'

export interface CollectOptions extends Overrides {
  readonly problems?: number
  readonly json?: boolean
}

const help = `
Examples:
  tapo coldstart collect quick-coldstart --problems 2000       the model answers; runs/quick-coldstart-data

Each command goes on after an interruption and repeats nothing that is done.`

const collectHelp = `
Examples:
  tapo coldstart collect quick-coldstart --problems 2000
  tapo coldstart collect gsm8k-coldstart --model DIR --data data/gsm8k --set rollout.groupSize=8 --set rollout.temperature=0.7

The answers are in attempts.jsonl of the folder, a line for each problem, with tokens and verdicts. The same command goes on after an
interruption, and with more --problems; the bytes are the same whatever the interruptions.`

export function coldstartCommand(): Command {
  return new Command('coldstart')
    .description('make and fit the cold start that TAPO needs: collect answers, build rows to learn from, train on them')
    .addHelpText('after', help)
    .addCommand(collectCommand())
}

function configured(command: Command): Command {
  return command
    .argument('<experiment|file>', 'an experiment by name, or a YAML or JSON file')
    .option('--model <dir>', 'Hugging Face model folder, a run, or the word starter (model.path)')
    .option('--data <dir>', "folder of the task's files (task.data)")
    .option('--seed <n>', 'seed of every random number (seed)', integer(0))
    .option('--set <path=value>', 'alters any key; may be repeated', collected)
}

function collectCommand(): Command {
  return configured(new Command('collect').description("answers of the model to the task's training problems, graded and kept"))
    .option('--problems <n>', 'the first n training problems; by default all', integer(1))
    .option('--out <dir>', 'the folder; by default runs/<name>-data')
    .option('--json', 'the outcome as JSON')
    .addHelpText('after', collectHelp)
    .action(async (target: string, options: CollectOptions) => {
      const { collect } = await import('../work/coldstart/collect.ts')
      await collect(target, options)
    })
}
