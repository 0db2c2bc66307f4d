/** `tapo regrade`: its options and help. */
import { Command, Option } from 'commander'
import { type Strictness, strictnesses } from '../../tasks/math-answer/policy.ts'

export interface RegradeOptions {
  readonly strictness?: Strictness
  readonly json?: boolean
}

const help = `
Examples:
  tapo regrade runs/math                             what the verifier would say today of every attempt of a run
  tapo regrade runs/math --strictness strict --json  every verdict that would change, as JSON

Reads the run's rollouts and changes nothing in it. It is as strict as the run was, unless told otherwise.`

export function regradeCommand(): Command {
  return new Command('regrade')
    .description('judge every attempt of a run again and report what would change')
    .argument('<run>', "the run's folder")
    .addOption(new Option('--strictness <word>', "what is forgiven, in place of the run's task.strictness").choices(strictnesses))
    .option('--json', 'as JSON, with every verdict that would change')
    .addHelpText('after', help)
    .action(async (run: string, options: RegradeOptions) => {
      const { regrade } = await import('../work/regrade.ts')
      await regrade(run, options)
    })
}
