/** What `tapo compare` does. */
import type { Comparison } from '../../evaluation/paired.ts'
import { changeOf } from '../../evaluation/records.ts'
import type { CompareOptions } from '../commands/compare.ts'
import { terminal } from '../terminal.ts'
import { comparisonText, type Side } from '../views/comparison.ts'
import { jsonOf } from './json.ts'
import { lastSide, ownSides, refuseUnequal } from './sides.ts'

export function compare(first: string, second: string | undefined, { json = false }: CompareOptions): void {
  const [before, after] = second === undefined ? ownSides(first) : [lastSide(first), lastSide(second)]
  refuseUnequal(before, after)
  const change = changeOf(before.evaluation, after.evaluation)
  if (json) console.log(jsonOf(summary(before, after, change)))
  else console.log(comparisonText(before, after, change, terminal().paint))
}

function summary(before: Side, after: Side, { better, worse, ...change }: Comparison): unknown {
  const changed = (indices: readonly number[]): unknown[] =>
    indices.map((i) => ({
      problem: before.evaluation.problems[i],
      before: before.evaluation.right[i],
      after: after.evaluation.right[i],
    }))
  const sides = [before, after].map(({ directory, step, accuracy, undecided }) => ({ run: directory, step, accuracy, undecided }))
  const { name, samples, problems } = before.evaluation
  return {
    name,
    samples,
    problems: problems.length,
    before: sides[0],
    after: sides[1],
    ...change,
    better: changed(better),
    worse: changed(worse),
  }
}
