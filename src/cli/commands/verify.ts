/** `tapo verify`: its options and help. */
import { Command, Option } from 'commander'
import { type Strictness, strictnesses } from '../../tasks/math-answer/policy.ts'

export interface VerifyOptions {
  readonly file?: string
  readonly audit?: string | true
  readonly held?: boolean
  readonly mathVerify?: string
  readonly secondOpinion?: boolean
  readonly strictness?: Strictness
  readonly json?: boolean
}

const help = `
Examples:
  tapo verify "\\frac{14}{3}" "So it is \\boxed{4\\frac{2}{3}}."     a verdict, step by step
  tapo verify --file pairs.jsonl --json                          one { "gold", "response" } a line, one verdict a line
  tapo verify --audit                                            how often it errs on the corpus that ships
  tapo verify --audit --math-verify venv/bin/python              Math-Verify on the same pairs beside it
  tapo verify --audit --second-opinion                           where compute-engine, once installed, disagrees

Of a file, blank lines are skipped, and bad lines are named once the others are judged (exit code 1); --json says which line a verdict is of.
A verdict is right, wrong or undecided. What the verifier forgives is a policy; --strictness strict forgives nothing.`

export function verifyCommand(): Command {
  return new Command('verify')
    .description('whether a response has the right answer: explain a verdict, judge a file, or audit the verifier')
    .argument('[gold]', 'the gold answer')
    .argument('[response]', 'the response')
    .option('--file <path>', 'JSON lines with gold and response')
    .option('--audit [path]', 'false positives and negatives on pairs of known verdict; by default the corpus that ships')
    .option('--held', 'with --audit: only pairs that were kept aside when the verifier was written')
    .option('--math-verify <python>', 'with --audit: a Python that has math-verify, for the same pairs')
    .option('--second-opinion', 'with --audit: where @cortex-js/compute-engine disagrees, which is to be installed beside tapo')
    .addOption(new Option('--strictness <word>', 'what is forgiven, as task.strictness of a run').choices(strictnesses).default('standard'))
    .option('--json', 'as JSON')
    .addHelpText('after', help)
    .action(async (gold: string | undefined, response: string | undefined, options: VerifyOptions) => {
      const { verifyAnswers } = await import('../work/verify.ts')
      await verifyAnswers(gold, response, options)
    })
}
