/** What `tapo verify --audit` does: the corpus through our verifier, and through Math-Verify where a Python with it is named. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DataError, UsageError } from '../../errors.ts'
import { opinionCounts, type OpinionCounts } from '../../evaluation/second-opinions.ts'
import { type AuditPair, type AuditRow, auditRows, type AuditVerdict } from '../../evaluation/verifier-audit.ts'
import type { Interval } from '../../evaluation/wilson.ts'
import type { VerifyPolicy } from '../../tasks/math-answer/policy.ts'
import { secondOpinions } from '../../tasks/math-answer/second-opinion.ts'
import { verify } from '../../tasks/math-answer/verify.ts'
import type { VerifyOptions } from '../commands/verify.ts'
import { terminal } from '../terminal.ts'
import { excerpt } from '../views/format.ts'
import { table } from '../views/table.ts'

const shipped = (name: string): string => fileURLToPath(new URL(`../../../corpus/${name}`, import.meta.url))

export async function audit(options: VerifyOptions, policy: VerifyPolicy): Promise<void> {
  const { audit: named, held = false, mathVerify, secondOpinion = false, json = false } = options
  const pairs = readPairs(typeof named === 'string' ? named : shipped('verifier.jsonl')).filter((pair) => pair.held || !held)
  const verdicts = pairs.map(({ gold, response }) => verify(gold, response, policy).verdict)
  const ours = auditRows(pairs, verdicts)
  const theirs = mathVerify === undefined ? undefined : auditRows(pairs, mathVerdicts(mathVerify, pairs))
  const opinions = secondOpinion
    ? opinionCounts(pairs, verdicts, await secondOpinions(pairs.map(({ gold, response }) => [gold, response] as const)))
    : undefined
  if (json) console.log(JSON.stringify({ ours, ...(theirs && { mathVerify: theirs }), ...(opinions && { secondOpinion: opinions }) }))
  else console.log([auditTable(ours, theirs), ...(opinions ? [opinionsText(opinions)] : [])].join('\n\n'))
}

function opinionsText({
  pairs,
  agreed,
  silent,
  undecided,
  decided,
  decidedRight,
  oursRight,
  theirsRight,
  disagreements,
}: OpinionCounts): string {
  const lines = [
    `compute-engine agrees on ${agreed} of ${pairs} pairs, says nothing on ${silent}, disagrees on ${disagreements.length}`,
    `where they disagree ours is right on ${oursRight}, compute-engine on ${theirsRight}; of ${undecided} that ours leaves undecided it decides ${decided}, ${decidedRight} of them rightly`,
  ]
  const columns = ['category', 'ours', 'theirs', 'known', 'gold', 'response', 'why'].map((title) => ({ title }))
  const rows = disagreements.map(({ category, ours, theirs, expected, gold, response, why }) => {
    const texts = [excerpt(gold, 24), excerpt(response, 60), excerpt(why, 40)]
    return [category, ours, theirs, expected, ...texts]
  })
  return [...lines, ...(rows.length > 0 ? [table(columns, rows, terminal().paint)] : [])].join('\n')
}

function readPairs(path: string): AuditPair[] {
  if (!existsSync(path)) throw new UsageError(`${path}: no such file; name a corpus of pairs, or none for the one that ships`)
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line, index) => readPair(line, `${path}: line ${index + 1}`))
}

function readPair(line: string, place: string): AuditPair {
  let row: Partial<AuditPair>
  try {
    row = JSON.parse(line) as Partial<AuditPair>
  } catch (cause) {
    throw new DataError(`${place}: not JSON`, { cause })
  }
  const { gold, response, expected, category = 'pairs', held = false } = row
  if (typeof gold !== 'string' || typeof response !== 'string') throw new DataError(`${place}: gold and response are to be texts`)
  if (expected !== 'right' && expected !== 'wrong')
    throw new DataError(`${place}: expected is neither right nor wrong, ${String(expected)}`)
  return { gold, response, expected, category, held }
}

/** Math-Verify knows no third verdict but for what fails: an error or a timeout there is undecided. */
function mathVerdicts(python: string, pairs: readonly AuditPair[]): AuditVerdict[] {
  const input = pairs.map(({ gold, response }) => JSON.stringify({ gold, response })).join('\n')
  const { status, stdout, stderr, error } = spawnSync(python, [shipped('math_verify_pairs.py')], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (status !== 0)
    throw new UsageError(
      `${python}: Math-Verify did not run, ${error?.message ?? stderr.trim().split('\n').at(-1) ?? ''}; pip install math-verify`,
    )
  return stdout.trim().split('\n') as AuditVerdict[]
}

function auditTable(ours: readonly AuditRow[], theirs: readonly AuditRow[] | undefined): string {
  const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' })
  const titles = ['false positives', 'false negatives', 'undecided']
  const columns = [{ title: 'category' }, right('wrong pairs'), right('right pairs'), ...titles.map(right)]
  const others = theirs === undefined ? [] : titles.map((title) => right(`Math-Verify ${title}`))
  const cells = ({ falsePositives, falseNegatives, undecided }: AuditRow): string[] =>
    [falsePositives, falseNegatives, undecided].map(share)
  const rows = ours.map((row, index) => {
    const other = theirs?.[index]
    return [row.category, String(row.wrong), String(row.right), ...cells(row), ...(other === undefined ? [] : cells(other))]
  })
  return table([...columns, ...others], rows, terminal().paint)
}

/** '0.6 % [0.3, 1.2]' */
function share({ value, low, high }: Interval): string {
  return Number.isNaN(value) ? '' : `${(100 * value).toFixed(1)} % [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`
}
