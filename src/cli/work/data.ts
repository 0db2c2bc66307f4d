/** What `tapo data` does. */
import { checkRows, type CheckOptions, type FileReport } from '../../data/check.ts'
import type { Rows } from '../../data/rows.ts'
import { type FieldNames, openSource, parseSource } from '../../data/source.ts'
import { UsageError } from '../../errors.ts'
import { openModel } from '../../experiments/model.ts'
import { mathTask, unreadable } from '../../tasks/math/math.ts'
import type { DataOptions } from '../commands/data.ts'
import { exitCodes } from '../failure.ts'
import { terminal } from '../terminal.ts'
import { dataText } from '../views/data.ts'
import { jsonOf } from './json.ts'

export async function checkData(sources: readonly string[], { against = [], words, model, field = [], json }: DataOptions): Promise<void> {
  const names = fieldNames(field)
  const opened: Rows[] = []
  for (const source of sources) opened.push(...(await openSource(parseSource(source, names), unreadable)))
  const asked: Rows[] = []
  for (const source of against) asked.push(...(await openSource(parseSource(source), unreadable)))
  const options: CheckOptions = { asked, words, ...(model !== undefined && (await lengthsUnder(model))) }
  const reports = opened.map((rows): FileReport => checkRows(rows, options))
  console.log(json === true ? jsonOf(reports) : dataText(reports, { words, isCompared: asked.length > 0 }, terminal().paint))
  if (reports.some(({ rows, badRows }) => badRows > 0 || rows === 0)) process.exitCode = exitCodes.failed
}

async function lengthsUnder(path: string): Promise<Required<Pick<CheckOptions, 'promptLength' | 'textLength'>>> {
  const [{ tokenizer }, task] = [await openModel(path), await mathTask({})]
  return {
    promptLength: (problem) => tokenizer.prompt(task.ask(problem)).length,
    textLength: (text) => tokenizer.encode(text).length,
  }
}

function fieldNames(given: readonly string[]): Partial<FieldNames> {
  const pairs = given.map((each) => {
    const [, name, field] = /^(problem|answer|solution|id)=(.+)$/s.exec(each) ?? []
    if (name === undefined) throw new UsageError(`--field ${each}: not NAME=FIELD with problem, answer, solution or id as the name`)
    return [name, field]
  })
  return Object.fromEntries(pairs) as Partial<FieldNames>
}
