/** `tapo coldstart`: its options and help. */
import { Command, Option } from 'commander'
import type { Overrides } from '../work/configure.ts'
import { amount, collected, countsByName, integer } from '../options.ts'

export interface CollectOptions extends Overrides {
  readonly problems?: number
  readonly json?: boolean
}

export interface BuildOptions extends Overrides {
  readonly writer: 'self' | 'task' | 'endpoint'
  readonly tries: number
  readonly counts?: Readonly<Record<string, number>>
  readonly shares?: Readonly<Record<string, number>>
  readonly format: 'jsonl' | 'parquet'
  readonly endpoint?: string
  readonly endpointModel?: string
  readonly keyVariable: string
  readonly concurrency: number
  readonly ceiling: number
  readonly timeout: number
  readonly retries: number
  readonly json?: boolean
}

export interface FitOptions extends Overrides {
  readonly rows?: string
  readonly resume?: boolean
  readonly json?: boolean
}

const help = `
Examples:
  tapo coldstart collect quick-coldstart --problems 2000       the model answers; runs/quick-coldstart-data
  tapo coldstart build quick-coldstart --writer task           corrections of its wrong answers; mixture.jsonl there
  tapo coldstart train quick-coldstart                         a run on these rows, and the verdict on it

Each command goes on after an interruption and repeats nothing that is done.`

const collectHelp = `
Examples:
  tapo coldstart collect quick-coldstart --problems 2000
  tapo coldstart collect gsm8k-coldstart --model DIR --data data/gsm8k --set rollout.groupSize=8 --set rollout.temperature=0.7

The answers are in attempts.jsonl of the folder, a line for each problem, with tokens and verdicts. The same command goes on after an
interruption, and with more --problems; the bytes are the same whatever the interruptions.`

const fitHelp = `
Examples:
  tapo coldstart train quick-coldstart
  tapo coldstart train quick-coldstart --rows runs/quick-coldstart-data/mixture.parquet --steps 200 --set method.prefixLoss=context
  tapo train quick --model runs/quick-coldstart                RL from there

It evaluates before and after, then has the fitted model answer development problems and correct its own wrong answers as RL would ask it
to, and says whether RL may begin: corrections that nothing refuses (80 % wanted), those that are right, reflecting answers against the
others to the same problems, accuracy against the base. The verdict is kept in verdict.json of the run.`

const buildHelp = `
Examples:
  tapo coldstart build quick-coldstart --writer self
  tapo coldstart build quick-coldstart --writer task --shares solution=2,correction=1,reflection=1 --format parquet
  tapo coldstart build gsm8k-coldstart --model DIR --writer endpoint --endpoint http://127.0.0.1:8000/v1 --endpoint-model NAME
  tapo coldstart build gsm8k-coldstart --model DIR --counts solution=15000,correction=15000,reflection=15000

Rows of kind solution and correction are the plain problem and a solution (SFT), of kind reflection the synthesis prompt and the whole
reply (IFT). A correction is taken only when it parses, begins as the wrong answer does, and is right; of a problem at most one. What was
written is kept as it comes, and the same command goes on behind it.`

export function coldstartCommand(): Command {
  return new Command('coldstart')
    .description('make and fit the cold start that TAPO needs: collect answers, build rows to learn from, train on them')
    .addHelpText('after', help)
    .addCommand(collectCommand())
    .addCommand(buildCommand())
    .addCommand(fitCommand())
}

function configured(command: Command): Command {
  return command
    .argument('<experiment|file>', 'an experiment by name, or a YAML or JSON file')
    .option('--model <dir>', 'Hugging Face model folder, a run, or the word starter (model.path)')
    .option('--data <dir>', "folder of the task's files (task.data)")
    .option('--seed <n>', 'seed of every random number (seed)', integer(0))
    .option('--set <path=value>', 'alters any key; may be repeated', collected)
}

function collectCommand(): Command {
  return configured(new Command('collect').description("answers of the model to the task's training problems, graded and kept"))
    .option('--problems <n>', 'the first n training problems; by default all', integer(1))
    .option('--out <dir>', 'the folder; by default runs/<name>-data')
    .option('--json', 'the outcome as JSON')
    .addHelpText('after', collectHelp)
    .action(async (target: string, options: CollectOptions) => {
      const { collect } = await import('../work/coldstart/collect.ts')
      await collect(target, options)
    })
}

function buildCommand(): Command {
  return configured(new Command('build').description('corrections of the collected wrong answers, and the rows to learn from'))
    .addOption(
      new Option('--writer <who>', 'who corrects: the model itself, the task that knows its steps, or a server')
        .choices(['self', 'task', 'endpoint'])
        .default('self'),
    )
    .option('--tries <n>', 'wrong answers of a problem that are tried until one is corrected', integer(1), 4)
    .option('--counts <kind=n,...>', 'rows of each kind: solution, correction, reflection', countsByName)
    .option('--shares <kind=n,...>', 'or their proportion in the largest mixture there can be; 1 to 1 to 1 by default', countsByName)
    .addOption(new Option('--format <format>', 'of the file of rows').choices(['jsonl', 'parquet']).default('jsonl'))
    .option('--out <dir>', 'the folder of the answers; by default runs/<name>-data')
    .option('--endpoint <url>', "an OpenAI-compatible server's base URL, for --writer endpoint")
    .option('--endpoint-model <name>', 'the model to ask it for')
    .option('--key-variable <name>', 'environment variable that holds its key, where it wants one', 'OPENAI_API_KEY')
    .option('--concurrency <n>', 'questions to it at once', integer(1), 4)
    .option(
      '--ceiling <tokens>',
      'tokens of messages and replies, all sessions together, beyond which it is asked nothing',
      integer(1),
      1_000_000,
    )
    .option('--timeout <seconds>', 'for a whole reply', amount, 120)
    .option('--retries <n>', 'after a failure that may pass, with growing pauses', integer(0), 6)
    .option('--json', 'the outcome as JSON')
    .addHelpText('after', buildHelp)
    .action(async (target: string, options: BuildOptions) => {
      const { build } = await import('../work/coldstart/build.ts')
      await build(target, options)
    })
}

function fitCommand(): Command {
  return configured(new Command('train').description('a run on the rows, and the verdict on what came of it'))
    .option('--rows <file>', 'JSONL or Parquet; by default runs/<name>-data/mixture.jsonl (method.file)')
    .option('--steps <n>', 'updates of the whole run, of rollout.problems rows each (steps)', integer(1))
    .option('--out <dir>', "the run's folder (out)")
    .option('--resume', 'goes on with a run that was stopped, killed or failed')
    .option('--json', 'one JSON event a line, the verdict last')
    .addHelpText('after', fitHelp)
    .action(async (target: string, options: FitOptions) => {
      const { fit } = await import('../work/coldstart/train.ts')
      await fit(target, options)
    })
}
