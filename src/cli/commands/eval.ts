/** `tapo eval`: its options and help. */
import { Command, Option } from 'commander'
import type { Split } from '../../tasks/task.ts'
import { amount, collected, integer } from '../options.ts'

export interface EvalOptions {
  readonly task?: readonly string[]
  readonly data?: string
  readonly field?: readonly string[]
  readonly split?: Split
  readonly problems?: number
  readonly samples?: number
  readonly temperature?: number
  readonly maxTokens?: number
  readonly greedy?: boolean
  readonly seed?: number
  readonly set?: readonly string[]
  readonly out?: string
  readonly json?: boolean
}

const help = `
Examples:
  tapo eval starter --task mini --problems 200 --samples 8
  tapo eval runs/quick --split test --json             the run's own task, its newest checkpoint
  tapo eval DIR --task gsm8k --data data/gsm8k --set task.maxCalculations=2 --max-tokens 160
  tapo eval DIR --task aime-2024=data/aime24.jsonl --task math-500=data/math500.jsonl --max-tokens 1024
  tapo eval DIR --task mine.parquet --field problem=prompt --field answer=target

Data sets are written as for tapo data; a named set takes a field of --field only where it lacks its own. Every problem of a set gets
16 answers unless told otherwise. All answers are kept in a folder (evaluations/... or --out): the same command goes on after an
interruption, and shows what is there once it is done.
Intervals are 95 %: Wilson over all answers, bootstrap over problems.`

export function evalCommand(): Command {
  return new Command('eval')
    .description('accuracy of a model on held-out problems, with intervals')
    .argument('<model|run>', 'Hugging Face model folder, a run (its newest checkpoint), or the word starter')
    .option('--task <task>', 'what to evaluate on: mini, gsm8k, or data sets, one each time; a run brings its own', collected)
    .option('--data <dir>', "folder of the task's files (task.data)")
    .option('--field <name=field>', 'what problem, answer, solution or id is called in data sets (task.fields); may be repeated', collected)
    .addOption(
      new Option('--split <split>', 'which problems: development by default, test of data sets').choices(['train', 'development', 'test']),
    )
    .option('--problems <n>', 'how many problems (evaluation.problems)', integer(1))
    .option('--samples <n>', 'answers for each (evaluation.samples)', integer(1))
    .option('--temperature <t>', 'of the answers (rollout.temperature)', amount)
    .option('--max-tokens <n>', 'of an answer (rollout.maxTokens)', integer(1))
    .option('--greedy', 'also one answer to each at temperature 0 (evaluation.greedy)')
    .option('--no-greedy', 'without them')
    .option('--seed <n>', 'seed of the random numbers (seed)', integer(0))
    .option('--set <path=value>', 'alters any key; may be repeated', collected)
    .option('--out <dir>', 'the folder of the evaluation')
    .option('--json', 'the whole evaluation as JSON')
    .addHelpText('after', help)
    .action(async (model: string, options: EvalOptions) => {
      const { evaluateModel } = await import('../work/eval.ts')
      await evaluateModel(model, options)
    })
}
