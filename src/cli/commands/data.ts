/** `tapo data`: its options and help. */
import { Argument, Command } from 'commander'
import { collected, integer } from '../options.ts'

export interface DataOptions {
  readonly against?: readonly string[]
  readonly words: number
  readonly model?: string
  readonly field?: readonly string[]
  readonly json?: boolean
}

const help = `
Examples:
  tapo data check problems.jsonl
  tapo data check deepscaler=data/deepscaler --against aime-2024=data/aime24.jsonl --model DIR
  tapo data check mine.parquet --field problem=prompt --field answer=target --json

A source is a JSONL or Parquet file, a folder of them, hf:owner/name@revision/path, or a named set (gsm8k, gsm8k-test, math-500,
aime-2024, aime-2025, hmmt-2025, deepscaler), which stands for its file on the hub; NAME=FILE is a local copy of one.
Where --field names a field, it is the one that counts; a file of --against without it has its usual one, and a named set takes it only
where it lacks its own. Duplicates are found across all sources. The exit code is 1 where a row is bad, where a file has none, or where no row of
a file of --against can be read.`

export function dataCommand(): Command {
  return new Command('data')
    .description('reads a whole data set and says what is wrong with it: bad rows, duplicates, lengths, overlap with evaluation sets')
    .addArgument(new Argument('<what>', 'what to do').choices(['check']))
    .argument('<source...>', 'files, folders or named sets')
    .option('--against <source>', 'a set to evaluate on, which must not be in the data; may be repeated', collected)
    .option('--words <n>', 'length of the runs of words that count as overlap', integer(1), 13)
    .option('--model <dir>', 'the model whose tokenizer measures lengths')
    .option('--field <name=field>', 'what problem, answer, solution or id is called in all files; may be repeated', collected)
    .option('--json', 'the whole report as JSON, with every bad row')
    .addHelpText('after', help)
    .action(async (_what: string, sources: readonly string[], options: DataOptions) => {
      const { checkData } = await import('../work/data.ts')
      await checkData(sources, options)
    })
}
