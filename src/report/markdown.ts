/** The report as Markdown: tables, trajectories and settings; charts are in the HTML. Pure. */
import { PICKED, type Report, type Trajectory } from './data.ts'
import { settingsOf } from './settings.ts'
import { type Table, tablesOf } from './tables.ts'

export function reportMarkdown(report: Report): string {
  const { design, missing, trajectories } = report
  return [
    `# ${design.grid}`,
    `${design.what}.`,
    `- Measured: ${design.primary}.\n- Selection: ${design.selection}.\n- Test: ${design.test}.\n- Laid down before the first run: design.json.`,
    ...(missing.length > 0 ? [`**Not done: ${missing.join(', ')}.**`] : []),
    ...tablesOf(report).map(tableMarkdown),
    ...(trajectories.length > 0 ? ['## Trajectories', PICKED, ...trajectories.map(trajectoryMarkdown)] : []),
    '## Settings',
    ...settingsOf(design).map(({ title, text }) => `${title}\n\n\`\`\`yaml\n${text}\n\`\`\``),
  ]
    .join('\n\n')
    .concat('\n')
}

function tableMarkdown({ title, columns, rows, notes }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`
  const rule = line(columns.map((_, i) => (i === 0 ? '---' : '---:')))
  return [`## ${title}\n`, line(columns), rule, ...rows.map(line), ...notes.map((note) => `\n${note}`)].join('\n')
}

function trajectoryMarkdown({ cell, step, row, parts }: Trajectory): string {
  const text = (tokens: readonly { readonly text: string }[]): string =>
    tokens
      .map((token) => token.text)
      .join('')
      .trim()
  const quoted = [
    `${cell}, step ${step}: ${row.question ?? ''}`,
    `kept prefix: ${text(parts.prefix)}`,
    `diagnosis: ${text(parts.diagnosis)}`,
    `correction: ${text(parts.correction)}`,
  ]
  return quoted.map((each) => `> ${each.replaceAll(/\s*\n\s*/g, ' ')}`).join('\n>\n')
}
