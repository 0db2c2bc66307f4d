/** `tapo train`: its options and help. The work is ../work/train.ts's. */
import { Command } from 'commander'
import type { Overrides } from '../work/configure.ts'
import type { StatedEngine } from '../../experiments/budget.ts'
import { collected, integer, named } from '../options.ts'

export interface TrainOptions extends Overrides {
  readonly resume?: boolean
  readonly dryRun?: boolean
  readonly engine?: Partial<StatedEngine>
  readonly json?: boolean
}

const help = `
Examples:
  tapo train quick                                     the starter model, a few seconds a step
  tapo train quick-grpo --seed 2                       the baseline, another seed
  tapo train gsm8k --model DIR --data data/gsm8k       a real model on real problems
  tapo train mine.yaml --set optimizer.learningRate=1e-5 --dry-run
  tapo train paper --dry-run --engine sample=20000,score=90000,train=15000
  tapo train quick --resume                            goes on with the last run of that name

A step's line says which share of the attempts was right, which share of the problems was eligible for corrections (right often enough
and wrong often enough), how many corrections were built of those tried, and the mean suppression weight of their tokens.

\`tapo config\` lists the experiments, \`tapo config quick\` every key of one. Ctrl-C stops after the step in hand.`

export function trainCommand(): Command {
  return new Command('train')
    .description('train a model')
    .argument('<experiment|file>', 'an experiment by name, or a YAML or JSON file')
    .option('--model <dir>', 'Hugging Face model folder, a run, or the word starter (model.path)')
    .option('--data <dir>', "folder of the task's files (task.data)")
    .option('--steps <n>', 'updates of the whole run (steps)', integer(1))
    .option('--seed <n>', 'seed of every random number (seed)', integer(0))
    .option('--out <dir>', "the run's folder (out)")
    .option('--set <path=value>', 'alters any key; may be repeated', collected)
    .option('--resume', 'goes on with a run that was stopped, killed or failed')
    .option('--dry-run', 'checks everything, predicts memory and time, starts nothing')
    .option(
      '--engine <speeds>',
      'with --dry-run: tokens and time on an engine elsewhere, like sample=20000,score=90000,train=15000 tokens/s; also price=16 an hour, prompt=200 and answer=3000 tokens',
      named(['sample', 'score', 'train', 'price', 'prompt', 'answer']),
    )
    .option('--json', 'one JSON event a line')
    .addHelpText('after', help)
    .action(async (target: string, options: TrainOptions) => {
      const { train } = await import('../work/train.ts')
      await train(target, options)
    })
}
