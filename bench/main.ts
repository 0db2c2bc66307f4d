/**
 * `npm run bench [-- options]`: how fast the local engine is, beside PyTorch where a Python with torch is named. Each measure runs in a
 * process of its own; figures are medians. Run it on a quiet machine: only ratios within one run mean something.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { constructionCost, constructionText, type ConstructionRow } from './construction.ts'
import { CASES, type Case, PEAK } from './cases.ts'
import { dataLine, type DataRow, dataRows } from './data.ts'
import { evaluationRow, type EvaluationRow, evaluationText } from './evaluation.ts'
import { type Figures, measure, type Runners } from './measure.ts'
import { slowestHostile, verifierLine, verifierRows } from './verifier.ts'
import { header, measureOf, type Row, rowOf, tableLine } from './table.ts'

const HELP = `npm run bench -- [options]
  --torch PYTHON   a Python with torch: does the same work by turns and prints ratios
  --trl PYTHON     a Python with trl 1.16: the same for a whole GRPO step
  --math-verify PYTHON  a Python with math-verify: judges the verifier's pairs too
  --only WORDS     only rows that hold all words of one of these, e.g. --only "S update" --only rows
  --rounds N       processes of each side per row (2)
  --threads N      of each process (all cores)
  --json           one array of rows instead of the table`

const { values } = parseArgs({
  options: {
    torch: { type: 'string' },
    trl: { type: 'string' },
    'math-verify': { type: 'string' },
    only: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '2' },
    threads: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(HELP)
else await bench({ threads: Number(values.threads), rounds: Number(values.rounds), pythons: { torch: values.torch, trl: values.trl } })

async function bench(runners: Runners): Promise<void> {
  const peak = await measure(PEAK, runners)
  const best = Math.max(peak.ours.tokensPerSecond, peak.theirs?.tokensPerSecond ?? 0)
  say(
    `matrix peak: ${gigaflops(peak.ours)} GFLOP/s${peak.theirs === undefined ? '' : `, PyTorch ${gigaflops(peak.theirs)}`}; ${runners.threads} threads\n`,
  )
  say(header())
  const rows: (Row | ConstructionRow)[] = []
  for (const benchCase of CASES.filter(wanted)) {
    const { ours, theirs } = await measure(benchCase, runners)
    const next = rowOf(benchCase, ours, theirs, best)
    rows.push(next)
    say(tableLine(next))
  }
  if (isWanted('starter step TAPO')) {
    const row = constructionCost(runners)
    rows.push(row)
    say(`\n${constructionText(row)}`)
  }
  const read: DataRow[] = []
  for (const row of isNamed('data') ? dataRows(runners.rounds) : []) {
    read.push(row)
    say(dataLine(row))
  }
  const evaluations: EvaluationRow[] = isNamed('evaluation') ? [await evaluationRow(runners.threads)] : []
  for (const row of evaluations) say(evaluationText(row))
  const verdicts = isNamed('verifier') ? verifierRows(values['math-verify']) : []
  for (const row of verdicts) say(verifierLine(row))
  if (isNamed('verifier')) say(slowestHostile())
  if (values.json) console.log(JSON.stringify([...rows, ...read, ...evaluations, ...verdicts], undefined, 2))
}

/** Whether a measure with rows of its own kind is wanted. */
function isNamed(name: string): boolean {
  return values.only === undefined || values.only.some((filter) => filter.split(' ').includes(name))
}

function wanted(benchCase: Case): boolean {
  return isWanted(`${benchCase.shape.name} ${measureOf(benchCase)} ${benchCase.variant}`)
}

function isWanted(row: string): boolean {
  const words = row.split(' ')
  return values.only === undefined || values.only.some((filter) => filter.split(' ').every((word) => words.includes(word)))
}

function gigaflops({ tokensPerSecond }: Figures): string {
  return (tokensPerSecond / 1e9).toFixed(0)
}

/** The table goes to stderr when JSON goes to stdout. */
function say(text: string): void {
  if (values.json) console.error(text)
  else console.log(text)
}
