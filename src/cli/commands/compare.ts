/** `tapo compare`: its options and help. */
import { Command } from 'commander'

export interface CompareOptions {
  readonly json?: boolean
}

const help = `
Examples:
  tapo compare runs/quick-grpo runs/quick              the last evaluations of two runs
  tapo compare evaluations/a evaluations/b             two evaluations that tapo eval made
  tapo compare runs/quick                              a run's first evaluation against its last

The difference is paired over problems: 95 % bootstrap interval, two-sided permutation test.`

export function compareCommand(): Command {
  return new Command('compare')
    .description('what one run gets right that another does not, on the same problems, and whether chance explains it')
    .argument('<run>', "a run's folder, or that of an evaluation")
    .argument('[other]', 'what to set against it; without one, the first evaluation is set against the last')
    .option('--json', 'as JSON, with every problem that changed')
    .addHelpText('after', help)
    .action(async (run: string, other: string | undefined, options: CompareOptions) => {
      const { compare } = await import('../work/compare.ts')
      compare(run, other, options)
    })
}
