/** Columns that line up. Pure. */
import { type Paint, padded, widthOf } from './paint.ts'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right' // where the text stands; left by default
}

/** A header in dim and a line for each row; cells may be painted. No line ends with spaces. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], paint: Paint): string {
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...rows.map((row) => widthOf(row[i] ?? ''))))
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align = 'left' }, i) => padded(cells[i] ?? '', widths[i] as number, align))
      .join('  ')
      .trimEnd()
  return [paint('dim', line(columns.map(({ title }) => title))), ...rows.map(line)].join('\n')
}
