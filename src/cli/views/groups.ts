/** The problems of a step, a line each. Pure. */
import type { GroupRecord } from '../../store/reader.ts'
import { excerpt } from './format.ts'
import { type Paint, widthOf } from './paint.ts'
import { type Column, table } from './table.ts'
import { wrapText } from './wrap.ts'

interface Described extends Column {
  readonly meaning: string
  readonly of: (group: GroupRecord) => string
}

const COLUMNS: readonly Described[] = [
  {
    title: 'right',
    align: 'right',
    meaning: 'attempts that are right',
    of: ({ attempts }) => share(attempts.filter(isRight).length, attempts.length),
  },
  {
    title: 'undecided',
    align: 'right',
    meaning: 'attempts and corrections that could not be judged',
    of: ({ attempts, constructions }) => String([...attempts, ...constructions].filter(isUndecided).length || ''),
  },
  {
    title: 'built',
    align: 'right',
    meaning: 'corrections that nothing refused, of those tried',
    of: ({ constructions }) => share(constructions.filter(isBuilt).length, constructions.length),
  },
  {
    title: 'built right',
    align: 'right',
    meaning: 'those of them that are right',
    of: ({ constructions }) => (constructions.length === 0 ? '' : String(constructions.filter(isBuilt).filter(isRight).length)),
  },
  {
    title: 'to learn',
    align: 'right',
    meaning: 'demonstrations',
    of: ({ demonstrations }) => (demonstrations.length === 0 ? '' : String(demonstrations.length)),
  },
]

/** Columns that say nothing of this step are left out; below stands what the others mean. */
export function groupsTable(groups: readonly GroupRecord[], width: number, paint: Paint): string {
  const shown = COLUMNS.filter(({ of }) => groups.some((group) => of(group) !== ''))
  const ids = Math.max(...groups.map(({ problem }) => problem.id.length))
  const room = width - ids - shown.reduce((sum, { title }) => sum + 2 + Math.max(5, widthOf(title)), 2)
  const rows = groups.map((group) => [
    paint('bold', group.problem.id),
    ...shown.map(({ of }) => of(group)),
    paint('dim', excerpt(group.problem.question, room)),
  ])
  const legend = shown.map(({ title, meaning }) => `${title}: ${meaning}`).join('; ')
  return [
    table([{ title: 'problem' }, ...shown, { title: '' }], rows, paint),
    ...wrapText(legend, width).map((line) => paint('dim', line)),
  ].join('\n')
}

function share(part: number, all: number): string {
  return all === 0 ? '' : `${part}/${all}`
}

function isRight({ reward }: GroupRecord['attempts'][number]): boolean {
  return reward === 1
}

function isUndecided({ undecided }: GroupRecord['attempts'][number]): boolean {
  return undecided === true
}

function isBuilt({ refusal }: GroupRecord['constructions'][number]): boolean {
  return refusal === undefined
}
