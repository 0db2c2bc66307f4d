/** `tapo experiment`: its options and help. */
import { Command, Option } from 'commander'
import type { Overrides } from '../work/configure.ts'
import { collected, integer } from '../options.ts'

export interface ExperimentOptions extends Omit<Overrides, 'seed'> {
  readonly seeds?: number
  readonly jobs?: number
  readonly arms?: readonly string[]
  readonly base?: string
  readonly split: 'development' | 'test'
  readonly json?: boolean
}

const help = `
Examples:
  tapo experiment                                      the grids there are
  tapo experiment mini                                 TAPO against GRPO, ten seeds each, on two cores
  tapo experiment mini --seeds 2 --steps 10            fewer and shorter runs
  tapo experiment mini-evidence --arms grpo,tapo       these methods' runs first, the others another time
  tapo experiment mini-coldstart --model RUN --base DIR       RL after a cold start, and without one
  tapo experiment gsm8k --model DIR --data data/gsm8k --jobs 1

Methods, seeds, steps, what is measured and how it is tested are written to design.json before the first run. The same command goes on
after an interruption, repeats no run that is done, and runs one again whose folder was deleted. Several runs share the cores (--jobs);
neither that nor an interruption changes a number.`

export function experimentCommand(): Command {
  return new Command('experiment')
    .description('run a grid of methods and seeds, and set the methods side by side')
    .argument('[grid]', 'a grid by name; without one, they are listed')
    .option('--model <dir>', 'Hugging Face model folder, a run, or the word starter (model.path)')
    .option('--base <dir>', 'the model before its cold start, for methods that begin from it')
    .option('--data <dir>', "folder of the task's files (task.data)")
    .option('--steps <n>', 'updates of every run (steps)', integer(1))
    .option('--seeds <n>', 'the first n seeds of each method', integer(1))
    .option('--arms <names>', 'runs of these methods alone, for now; the design stays whole', (text) => text.split(','))
    .option('--jobs <n>', 'runs at once; by default as many as there are cores', integer(1))
    .option('--out <dir>', "the grid's folder; by default runs/<grid>-grid")
    .addOption(new Option('--split <split>', 'problems that finished runs answer').choices(['development', 'test']).default('development'))
    .option('--set <path=value>', 'alters any key of every run; may be repeated', collected)
    .option('--json', 'the results as JSON')
    .addHelpText('after', help)
    .action(async (grid: string | undefined, options: ExperimentOptions) => {
      const { experiment } = await import('../work/experiment.ts')
      await experiment(grid, options)
    })
}
