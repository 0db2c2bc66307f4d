/** What `tapo runs` does. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../errors.ts'
import { listRuns } from '../../store/reader.ts'
import type { RunsOptions } from '../commands/runs.ts'
import { terminal } from '../terminal.ts'
import { runsTable, summaryOf } from '../views/runs.ts'
import { commandName, quoted } from './invocation.ts'

export function listAll(directory: string, { json = false }: RunsOptions): void {
  if (existsSync(join(directory, 'events.jsonl')))
    throw new UsageError(`${directory}: is a run itself; look into it with ${commandName()} show ${quoted(directory)}`)
  const summaries = listRuns(directory).map(summaryOf)
  if (json) console.log(JSON.stringify(summaries, undefined, 2))
  else if (summaries.length === 0) console.log(`${directory}: no runs here yet; begin with ${commandName()} train quick`)
  else console.log(runsTable(summaries, Date.now(), terminal().paint))
}
