/** `tapo eval`: its options and help. */
import { Command, Option } from 'commander'
import type { Split } from '../../tasks/task.ts'
import { amount, collected, integer } from '../options.ts'

export interface EvalOptions {
  readonly task?: 'mini' | 'gsm8k'
  readonly data?: string
  readonly split: Split
  readonly problems?: number
  readonly samples?: number
  readonly temperature?: number
  readonly greedy?: boolean
  readonly seed?: number
  readonly set?: readonly string[]
  readonly json?: boolean
}

const help = `
Examples:
  tapo eval starter --task mini --problems 200 --samples 8
  tapo eval runs/quick --split test --json             the run's own task, its newest checkpoint
  tapo eval DIR --task gsm8k --data data/gsm8k --set task.maxCalculations=2 --set rollout.maxTokens=160

Intervals are 95 %: Wilson over all answers, bootstrap over problems.`

export function evalCommand(): Command {
  return new Command('eval')
    .description('accuracy of a model on held-out problems, with intervals')
    .argument('<model|run>', 'Hugging Face model folder, a run (its newest checkpoint), or the word starter')
    .addOption(new Option('--task <task>', 'what to evaluate on; a run brings its own').choices(['mini', 'gsm8k']))
    .option('--data <dir>', "folder of the task's files (task.data)")
    .addOption(new Option('--split <split>', 'which problems').choices(['train', 'development', 'test']).default('development'))
    .option('--problems <n>', 'how many problems (evaluation.problems)', integer(1))
    .option('--samples <n>', 'answers for each (evaluation.samples)', integer(1))
    .option('--temperature <t>', 'of the answers (rollout.temperature)', amount)
    .option('--greedy', 'also one answer to each at temperature 0 (evaluation.greedy)')
    .option('--no-greedy', 'without them')
    .option('--seed <n>', 'seed of the random numbers (seed)', integer(0))
    .option('--set <path=value>', 'alters any key; may be repeated', collected)
    .option('--json', 'the whole evaluation as JSON')
    .addHelpText('after', help)
    .action(async (model: string, options: EvalOptions) => {
      const { evaluateModel } = await import('../work/eval.ts')
      await evaluateModel(model, options)
    })
}
