/** What was found in a data set, for people. Pure. */
import type { Duplicate, FileReport } from '../../data/check.ts'
import type { Lengths } from '../../data/lengths.ts'
import { percent, short } from './format.ts'
import type { Paint } from './paint.ts'

const MOST_SHOWN = 20 // of each kind; --json has all

/** `words`: of a run that counts as overlap. */
export function dataText(reports: readonly FileReport[], words: number, paint: Paint): string {
  return reports.map((report) => fileText(report, words, paint)).join('\n\n')
}

function fileText(report: FileReport, words: number, paint: Paint): string {
  const { name, path, bytes, sha256, rows, badRows, bad, withSolution, duplicates, overlaps } = report
  const again = duplicates.reduce((sum, { lines, earlier }) => sum + lines.length - (earlier === undefined ? 1 : 0), 0)
  const contradicting = duplicates.filter(({ isContradiction }) => isContradiction)
  return [
    `${paint('bold', name)}  ${path}  ${paint('dim', `${bytes} bytes, sha256 ${sha256}`)}`,
    line(
      'rows',
      rows + badRows === 0 ? paint('red', 'none, the file holds no row') : `${rows} good, ${withSolution} of them with a solution`,
    ),
    ...workedLines(report),
    line('bad', badRows === 0 ? 'none' : paint('red', String(badRows))),
    ...listed(
      bad.map(({ place, fact }) => `${place}: ${fact}`),
      badRows,
    ),
    line(
      'duplicates',
      again === 0 ? 'none' : `${again} rows ask what an earlier one asks, ${contradicting.length} of the problems with another answer`,
    ),
    ...listed(duplicates.map(duplicateText)),
    ...overlapLines(report, words, paint),
    ...listed(overlaps.map(({ learnt, asked, share }) => `${learnt} has ${percent(share)} of the runs of ${asked}`)),
    ...lengthLines('prompts', report.promptTokens, paint),
    ...lengthLines('solutions', report.solutionTokens, paint),
  ].join('\n')
}

function workedLines({ workedAnswers: count, path }: FileReport): string[] {
  if (count === 0) return []
  return [`  ${count} answers are worked solutions with the answer behind ####: gsm8k=${path} has them as solutions to learn from`]
}

function duplicateText({ lines, earlier, answers, isContradiction }: Duplicate): string {
  const places = `${lines.length > 1 ? 'lines' : 'line'} ${lines.join(', ')}${earlier === undefined ? '' : ` and ${earlier}`}`
  if (answers.length === 1) return places
  return `${places}: answers ${answers.join(' | ')}${isContradiction ? '' : ', the same one written differently'}`
}

function line(label: string, value: string): string {
  return `${label.padEnd(12)}${value}`
}

function listed(lines: readonly string[], count: number = lines.length): string[] {
  const rest = count - Math.min(lines.length, MOST_SHOWN)
  const named = lines.length === count ? 'all' : `the first ${lines.length}`
  return [...lines.slice(0, MOST_SHOWN), ...(rest > 0 ? [`and ${rest} more; --json has ${named}`] : [])].map((each) => `  ${each}`)
}

/** That nothing was found is said with how much was compared, and what was not. */
function overlapLines({ against, overlaps }: FileReport, words: number, paint: Paint): string[] {
  if (against.length === 0) return []
  const compared = against.reduce((sum, { rows }) => sum + rows, 0)
  const found =
    overlaps.length === 0
      ? `none with the ${compared} problems to evaluate on`
      : `${overlaps.length} rows share a run of ${words} words with a problem to evaluate on (${compared} were compared)`
  const unread = against.filter(({ badRows }) => badRows > 0)
  return [
    line('overlap', found),
    ...unread.map(({ path, rows, badRows, firstFault }) =>
      paint('red', `  ${path}: ${badRows} of ${rows + badRows} rows are bad and were not compared, ${firstFault}`),
    ),
  ]
}

function lengthLines(label: string, lengths: Lengths | undefined, paint: Paint): string[] {
  if (lengths === undefined) return []
  const { mean, median, p95, longest, histogram } = lengths
  const most = Math.max(...histogram.map(({ count }) => count))
  return [
    line(label, `${mean.toFixed(1)} tokens in the mean, median ${median}, 95 of 100 at most ${p95}, longest ${longest}`),
    ...histogram.map(({ from, below, count }) => {
      const bar = '#'.repeat(Math.ceil((30 * count) / most))
      return `  ${`${from} to ${below - 1}`.padStart(16)} ${short(count).padStart(6)} ${paint('dim', bar)}`.trimEnd()
    }),
  ]
}
