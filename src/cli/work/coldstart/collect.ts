/** What `tapo coldstart collect` does. */
import { join } from 'node:path'
import { attemptsFile, attemptsRows, attemptsSchema } from '../../../coldstart/attempts.ts'
import { localTrainer } from '../../../engine/local/trainer.ts'
import { engineOptions } from '../../../experiments/assemble.ts'
import { prepare } from '../../../experiments/prepare.ts'
import { dataFolder } from '../../../experiments/run-folder.ts'
import { sampleInto } from '../../../experiments/sampled.ts'
import { ledgerRows } from '../../../store/ledger.ts'
import type { CollectOptions } from '../../commands/coldstart.ts'
import { percent } from '../../views/format.ts'
import { configure } from '../configure.ts'
import { jsonOf } from '../json.ts'
import { followSampling } from '../sampling.ts'

export async function collect(target: string, options: CollectOptions): Promise<void> {
  const config = await configure(target, options)
  const prepared = await prepare(config)
  const path = join(dataFolder(config), attemptsFile)
  const { model } = prepared
  const request = { path, kind: 'attempts', problems: options.problems ?? Infinity, rowsOf: attemptsRows }
  const startEngine = (): ReturnType<typeof localTrainer> => localTrainer({ model, ...engineOptions(config) })
  const done = await followSampling((signal) => sampleInto(prepared, { ...request, signal, startEngine }), 'answered')
  if (done === undefined) return
  const found = countsOf(path)
  const { problems, answers, right, undecided, wrong } = found
  const doubts = undecided === 0 ? '' : `, ${percent(undecided / answers)} undecided`
  if (options.json === true) console.log(jsonOf({ path, ...found }))
  else
    console.log(
      `${path}: ${problems} problems, ${answers} answers, ${percent(right / answers)} right${doubts}; ${wrong} problems have a wrong answer to correct`,
    )
}

interface Counts {
  readonly problems: number
  readonly answers: number
  readonly right: number
  readonly undecided: number
  readonly wrong: number // problems with a wrong answer
}

function countsOf(path: string): Counts {
  const counts = { problems: 0, answers: 0, right: 0, undecided: 0, wrong: 0 }
  for (const { row } of ledgerRows(path, attemptsSchema)) {
    const right = row.attempts.filter(({ reward }) => reward === 1).length
    counts.problems++
    counts.answers += row.attempts.length
    const undecided = row.attempts.filter((each) => each.undecided).length
    counts.right += right
    counts.undecided += undecided
    if (right + undecided < row.attempts.length) counts.wrong++
  }
  return counts
}
