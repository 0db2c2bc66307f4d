/** `tapo runs`: its options and help. */
import { Command } from 'commander'

export interface RunsOptions {
  readonly json?: boolean
}

const help = `
Examples:
  tapo runs
  tapo runs /data/runs --json`

export function runsCommand(): Command {
  return new Command('runs')
    .description('list runs with their state and last figures, latest first')
    .argument('[dir]', 'the folder that holds them', 'runs')
    .option('--json', 'as JSON')
    .addHelpText('after', help)
    .action(async (directory: string, options: RunsOptions) => {
      const { listAll } = await import('../work/runs.ts')
      listAll(directory, options)
    })
}
