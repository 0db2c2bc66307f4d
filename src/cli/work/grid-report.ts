/** What `tapo report` does. */
import { join } from 'node:path'
import { gatherReport } from '../../report/data.ts'
import { reportHtml } from '../../report/html.ts'
import { reportMarkdown } from '../../report/markdown.ts'
import { writeWhole } from '../../store/files.ts'
import type { ReportOptions } from '../commands/report.ts'
import { terminal } from '../terminal.ts'
import { resultsText } from '../views/grid.ts'
import { jsonOf } from './json.ts'

export async function writeReport(directory: string, { out = directory }: ReportOptions): Promise<void> {
  const report = await gatherReport(directory)
  const files = { 'report.html': reportHtml(report), 'report.md': reportMarkdown(report), 'report.json': `${jsonOf(report)}\n` }
  for (const [name, text] of Object.entries(files)) await writeWhole(join(out, name), Buffer.from(text))
  console.log(resultsText(report.design, { directory, comparisons: report.comparisons }, terminal().paint))
  for (const name of Object.keys(files)) console.log(join(out, name))
}
