/** `tapo regrade`: its options and help. */
import { Command } from 'commander'

export interface RegradeOptions {
  readonly strict?: boolean
  readonly json?: boolean
}

const help = `
Examples:
  tapo regrade runs/math                  what the verifier would say today of every attempt of a run
  tapo regrade runs/math --strict --json  every verdict that would change, as JSON

Reads the run's rollouts and changes nothing in it.`

export function regradeCommand(): Command {
  return new Command('regrade')
    .description('judge every attempt of a run again and report what would change')
    .argument('<run>', "the run's folder")
    .option('--strict', 'exact decimals, units, bases, percent signs and order')
    .option('--json', 'as JSON, with every verdict that would change')
    .addHelpText('after', help)
    .action(async (run: string, options: RegradeOptions) => {
      const { regrade } = await import('../work/regrade.ts')
      await regrade(run, options)
    })
}
