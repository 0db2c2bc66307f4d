/** What `tapo regrade` does. */
import { UsageError } from '../../errors.ts'
import { readRows, readRun } from '../../store/reader.ts'
import type { RolloutRow } from '../../store/rollout-rows.ts'
import { policyOf, type Strictness } from '../../tasks/math-answer/policy.ts'
import { verifierPool } from '../../tasks/math-answer/pool.ts'
import type { Verification } from '../../tasks/math-answer/verify.ts'
import type { RegradeOptions } from '../commands/regrade.ts'
import { terminal } from '../terminal.ts'
import { excerpt } from '../views/format.ts'
import { table } from '../views/table.ts'
import { recordedChoice } from './recorded-policy.ts'

/** A verdict that would be another one today. */
interface Change {
  readonly step: number
  readonly problem: string
  readonly kind: string
  readonly index: number
  readonly before: Verification['verdict']
  readonly after: Verification['verdict']
  readonly gold: string
  readonly answer: string | undefined
  readonly why: string
}

const shownChanges = 20

export async function regrade(directory: string, { strictness, json = false }: RegradeOptions): Promise<void> {
  const run = readRun(directory)
  if (run.steps.length === 0) throw new UsageError(`${directory}: has no step yet, so there is nothing to judge again`)
  const recorded = recordedChoice(run.started)
  const choice = { ...recorded, strictness: strictness ?? recorded.strictness }
  const pool = verifierPool()
  const changes: Change[] = []
  let judged = 0
  for (const { step } of run.steps) {
    const rows = (await readRows(run, step)).filter(isJudged)
    const verifications = await pool.verify(
      rows.map(({ gold, text }) => [gold, text] as const),
      policyOf(choice),
    )
    judged += rows.length
    changes.push(...rows.flatMap((row, index) => changeOf(row, step, verifications[index] as Verification)))
  }
  await pool.close()
  if (json) console.log(JSON.stringify({ strictness: choice.strictness, judged, changed: changes.length, changes }))
  else print(choice.strictness, judged, changes)
}

type JudgedRow = RolloutRow & { readonly text: string; readonly gold: string; readonly reward: number }

/** Attempts and constructions that were judged. */
function isJudged(row: RolloutRow): row is JudgedRow {
  return (row.kind === 'rollout' || row.kind === 'construction') && ![row.text, row.gold, row.reward].includes(undefined)
}

function changeOf(row: JudgedRow, step: number, { verdict: after, extracted: answer, why }: Verification): Change[] {
  const { problem = '', kind, index, gold } = row
  const before = row.undecided === true ? 'undecided' : row.reward === 1 ? 'right' : 'wrong'
  return after === before ? [] : [{ step, problem, kind, index, before, after, gold, answer, why }]
}

function print(strictness: Strictness, judged: number, changes: readonly Change[]): void {
  const { paint } = terminal()
  const kinds = new Map<string, number>()
  for (const { before, after } of changes) {
    const kind = `${before} before, ${after} now`
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  console.log(`${judged} attempts and constructions judged again, strictness ${strictness}, ${changes.length} verdicts would change`)
  for (const [kind, count] of kinds) console.log(`  ${count} ${kind}`)
  if (changes.length === 0) return
  const columns = ['step', 'problem', 'before', 'now', 'gold', 'answer', 'why'].map((title) => ({ title }))
  const rows = changes
    .slice(0, shownChanges)
    .map(({ step, problem, before, after, gold, answer = '', why }) => [
      String(step),
      problem,
      before,
      after,
      excerpt(gold, 24),
      excerpt(answer, 24),
      excerpt(why, 60),
    ])
  console.log(`\n${table(columns, rows, paint)}`)
  if (changes.length > shownChanges) console.log(paint('dim', `and ${changes.length - shownChanges} more: --json names all`))
}
