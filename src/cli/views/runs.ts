/** Lists of runs. Pure. */
import { figuresOf } from '../../store/curves.ts'
import type { RunRecord } from '../../store/reader.ts'
import { age, figure, percent } from './format.ts'
import type { Paint, Style } from './paint.ts'
import { table } from './table.ts'

/** What a script wants to know of a run. */
export interface RunSummary {
  readonly name: string
  readonly directory: string
  readonly state: RunRecord['state']
  readonly step: number
  readonly steps: number | undefined
  readonly updatedAt: string | undefined
  readonly figures: Readonly<Record<string, number>> // of the last step and the last evaluation
  readonly before: number | undefined // accuracy at the first evaluation, where there is a later one
  readonly problem: string | undefined
}

export function summaryOf(run: RunRecord): RunSummary {
  const { name, directory, state, started, steps, evaluations, updatedAt, problem } = run
  const last = [steps.at(-1), evaluations.at(-1)].flatMap((event) => (event === undefined ? [] : [figuresOf(event)]))
  return {
    name,
    directory,
    state,
    step: steps.at(-1)?.step ?? 0,
    steps: started?.steps,
    updatedAt,
    figures: Object.assign({}, ...last) as Record<string, number>,
    before: evaluations.length > 1 ? evaluations[0]?.figures['passAt1'] : undefined,
    problem,
  }
}

/** The colour of a state. */
export const HUES: Readonly<Record<RunRecord['state'], Style>> = {
  running: 'cyan',
  finished: 'green',
  interrupted: 'yellow',
  failed: 'red',
  unreadable: 'red',
}

/** `now`: milliseconds since 1970, for the age of a run's last event. */
export function runsTable(summaries: readonly RunSummary[], now: number, paint: Paint): string {
  const share = (value: number | undefined): string => (value === undefined ? '' : percent(value))
  const rows = summaries.map(({ name, state, step, steps, figures, before, updatedAt, problem }) => [
    paint('bold', name),
    paint(HUES[state], state),
    `${step}/${steps ?? '?'}`,
    share(figures['accuracy']),
    [before, figures['evaluation.passAt1']]
      .filter((value) => value !== undefined)
      .map((value) => percent(value))
      .join(' -> '),
    figures['loss'] === undefined ? '' : figure(figures['loss']),
    paint('dim', problem ?? (updatedAt === undefined ? '' : age(now - Date.parse(updatedAt)))),
  ])
  const columns = [
    { title: 'run' },
    { title: 'state' },
    { title: 'step', align: 'right' },
    { title: 'accuracy', align: 'right' },
    { title: 'evaluated', align: 'right' },
    { title: 'loss', align: 'right' },
    { title: 'last event' },
  ] as const
  return table(columns, rows, paint)
}
