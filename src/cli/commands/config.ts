/** `tapo config`: its options and help. */
import { Command } from 'commander'
import type { Overrides } from '../work/configure.ts'
import { collected } from '../options.ts'

export interface ConfigOptions extends Overrides {
  readonly json?: boolean
  readonly yaml?: boolean
}

const help = `
Examples:
  tapo config                                  the experiments
  tapo config quick                            every key, its value, what it does, whence the default
  tapo config gsm8k --yaml > mine.yaml         a file to alter and to train: tapo train mine.yaml`

export function configCommand(): Command {
  return new Command('config')
    .description('list experiments, or every key of one')
    .argument('[experiment|file]', 'an experiment by name, or a YAML or JSON file')
    .option('--set <path=value>', 'alters any key; may be repeated', collected)
    .option('--yaml', 'as a configuration file')
    .option('--json', 'as JSON: the configuration alone')
    .addHelpText('after', help)
    .action(async (target: string | undefined, options: ConfigOptions) => {
      const { showConfig } = await import('../work/config.ts')
      await showConfig(target, options)
    })
}
