/** What `tapo runs` does. */
import { listRuns } from '../../store/reader.ts'
import type { RunsOptions } from '../commands/runs.ts'
import { terminal } from '../terminal.ts'
import { runsTable, summaryOf } from '../views/runs.ts'

export function listAll(directory: string, { json = false }: RunsOptions): void {
  const summaries = listRuns(directory).map(summaryOf)
  if (json) console.log(JSON.stringify(summaries, undefined, 2))
  else if (summaries.length === 0) console.log(`${directory}: no runs here yet; begin with tapo train quick`)
  else console.log(runsTable(summaries, Date.now(), terminal().paint))
}
