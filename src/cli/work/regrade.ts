/** What `tapo regrade` does. */
import { UsageError } from '../../errors.ts'
import { readRows, readRun } from '../../store/reader.ts'
import type { RolloutRow } from '../../store/rollout-rows.ts'
import { verifyDefaults, type VerifyPolicy, verifyStrict } from '../../tasks/math-answer/policy.ts'
import { verify } from '../../tasks/math-answer/verify.ts'
import type { RegradeOptions } from '../commands/regrade.ts'
import { terminal } from '../terminal.ts'
import { excerpt } from '../views/format.ts'
import { table } from '../views/table.ts'

/** A verdict that would be another one today. */
interface Change {
  readonly step: number
  readonly problem: string
  readonly kind: string
  readonly index: number
  readonly before: 'right' | 'wrong'
  readonly after: 'right' | 'wrong' | 'undecided'
  readonly gold: string
  readonly answer: string | undefined
  readonly why: string
}

const shownChanges = 20

export async function regrade(directory: string, { strict = false, json = false }: RegradeOptions): Promise<void> {
  const run = readRun(directory)
  if (run.steps.length === 0) throw new UsageError(`${directory}: has no step yet, so there is nothing to judge again`)
  const changes: Change[] = []
  let judged = 0
  for (const { step } of run.steps) {
    for (const row of await readRows(run, step)) {
      if (row.kind !== 'rollout' && row.kind !== 'construction') continue
      if (row.text === undefined || row.gold === undefined || row.reward === undefined) continue
      judged += 1
      const change = changeOf(row, step, strict ? verifyStrict : verifyDefaults)
      if (change !== undefined) changes.push(change)
    }
  }
  if (json) console.log(JSON.stringify({ judged, changed: changes.length, changes }))
  else print(judged, changes)
}

function changeOf(row: RolloutRow, step: number, policy: VerifyPolicy): Change | undefined {
  const { problem = '', kind, index, text = '', gold = '' } = row
  const before = row.reward === 1 ? 'right' : 'wrong'
  const { verdict: after, extracted: answer, why } = verify(gold, text, policy)
  return after === before ? undefined : { step, problem, kind, index, before, after, gold, answer, why }
}

function print(judged: number, changes: readonly Change[]): void {
  const { paint } = terminal()
  const kinds = new Map<string, number>()
  for (const { before, after } of changes) {
    const kind = `${before} before, ${after} now`
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  console.log(`${judged} attempts and constructions judged again, ${changes.length} verdicts would change`)
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
