/** What `tapo data` does. */
import { checkFiles, type CheckOptions } from '../../data/check.ts'
import type { Rows } from '../../data/rows.ts'
import { openSource, parseSource } from '../../data/source.ts'
import { DataError } from '../../errors.ts'
import { mathTask, unreadable } from '../../tasks/math/math.ts'
import { isSameAnswer } from '../../tasks/math/verdict.ts'
import type { DataOptions } from '../commands/data.ts'
import { exitCodes } from '../failure.ts'
import { terminal } from '../terminal.ts'
import { dataText } from '../views/data.ts'
import { fieldNames } from './field-names.ts'
import { jsonOf } from './json.ts'

export async function checkData(sources: readonly string[], { against = [], words, model, field = [], json }: DataOptions): Promise<void> {
  const names = fieldNames(field)
  const opened: Rows[] = []
  for (const source of sources) opened.push(...(await openSource(parseSource(source, names), unreadable)))
  const asked: Rows[] = []
  for (const source of against) asked.push(...(await openSource(parseSource(source, names, true)))) // their questions are compared, not their answers
  refuseUnread(asked)
  const options: CheckOptions = { asked, words, isSameAnswer, ...(model !== undefined && (await lengthsUnder(model))) }
  const reports = checkFiles(opened, options)
  console.log(json === true ? jsonOf(reports) : dataText(reports, words, terminal().paint))
  if (reports.some(({ rows, badRows }) => badRows > 0 || rows === 0)) process.exitCode = exitCodes.failed
}

async function lengthsUnder(path: string): Promise<Required<Pick<CheckOptions, 'promptLength' | 'textLength'>>> {
  const { openModel } = await import('../../experiments/model.ts') // most checks need no tokenizer
  const [{ tokenizer }, task] = [await openModel(path), await mathTask({})]
  return {
    promptLength: (problem) => tokenizer.prompt(task.ask(problem)).length,
    textLength: (text) => tokenizer.encode(text).length,
  }
}

/** To find no overlap with a file of which nothing was read would say nothing. */
function refuseUnread(asked: readonly Rows[]): void {
  for (const rows of asked) {
    if (rows.size > 0) continue
    const { file, faulty } = rows
    const [first] = rows.faults
    if (first === undefined) throw new DataError(`--against ${file.path}: holds no row, so nothing can be compared with it`)
    const fact = `none of its ${faulty} rows can be read, ${rows.place(first.line)}: ${first.fact}`
    throw new DataError(`--against ${file.path}: ${fact}; --field says what its fields are called`)
  }
}
