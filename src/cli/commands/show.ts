/** `tapo show`: its options and help. */
import { Command } from 'commander'
import { integer } from '../options.ts'

export interface ShowOptions {
  readonly step?: number
  readonly problem?: string
  readonly model?: string
  readonly json?: boolean
}

const help = `
Examples:
  tapo show runs/quick                               state, evaluations, figures
  tapo show runs/quick --step 40                     the problems of a step
  tapo show runs/quick --step 40 --problem mini/train/12
                                                     every attempt and construction, and why some were refused`

export function showCommand(): Command {
  return new Command('show')
    .description('look into a run: its figures, a step, a problem with everything that was made of it')
    .argument('<run>', "the run's folder")
    .option('--step <n>', 'a step of the run', integer(1))
    .option('--problem <id>', 'a problem; without --step, the last step that had it')
    .option('--model <dir>', "folder of the tokenizer; by default the run's newest checkpoint")
    .option('--json', 'as JSON')
    .addHelpText('after', help)
    .action(async (run: string, options: ShowOptions) => {
      const { show } = await import('../work/show.ts')
      await show(run, options)
    })
}
