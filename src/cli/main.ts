#!/usr/bin/env node
/** The `tapo` command. It knows which commands there are; what one does is loaded when it is asked for, so that help is instant. */
import { subscribe } from 'node:diagnostics_channel'
import { Command, CommanderError } from 'commander'
import { coldstartCommand } from './commands/coldstart.ts'
import { compareCommand } from './commands/compare.ts'
import { configCommand } from './commands/config.ts'
import { dataCommand } from './commands/data.ts'
import { evalCommand } from './commands/eval.ts'
import { experimentCommand } from './commands/experiment.ts'
import { filterCommand } from './commands/filter.ts'
import { regradeCommand } from './commands/regrade.ts'
import { reportCommand } from './commands/report.ts'
import { runsCommand } from './commands/runs.ts'
import { sampleCommand } from './commands/sample.ts'
import { scoreCommand } from './commands/score.ts'
import { showCommand } from './commands/show.ts'
import { trainCommand } from './commands/train.ts'
import { verifyCommand } from './commands/verify.ts'
import { exitCodeHelp, exitCodeOf, exitCodes, failureText } from './failure.ts'
import { NEWS } from '../data/news.ts'
import { packageVersion } from '../experiments/version.ts'

const commands = [
  trainCommand(),
  coldstartCommand(),
  filterCommand(),
  evalCommand(),
  dataCommand(),
  sampleCommand(),
  scoreCommand(),
  runsCommand(),
  showCommand(),
  compareCommand(),
  experimentCommand(),
  reportCommand(),
  verifyCommand(),
  regradeCommand(),
  configCommand(),
]

const program = new Command('tapo')
  .description('Post-train language models with TAPO: they learn from their own mistakes.')
  .version(packageVersion(), '-v, --version')
  .showSuggestionAfterError()
  .configureHelp({ sortSubcommands: false })
  .addHelpText('after', `\nBegin with: tapo train quick\n${exitCodeHelp}`)
for (const command of commands) program.addCommand(settled(command, program))

/** A command and those below it, ending as the program does. */
function settled(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent).exitOverride()
  for (const below of command.commands) settled(below, command)
  return command
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0) // the reader has seen enough
})

subscribe(NEWS, (text) => void process.stderr.write(`${String(text)}\n`))

try {
  await program.exitOverride().parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage
  else {
    process.stderr.write(`${failureText(error, process.env['TAPO_DEBUG'] === '1')}\n`)
    process.exitCode = exitCodeOf(error)
  }
}
