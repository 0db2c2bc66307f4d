/** Lists of runs, and one run at a glance. Pure. */
import { figuresOf } from '../../store/curves.ts'
import type { RunRecord } from '../../store/reader.ts'
import { duration, figure, percent } from './format.ts'
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
    problem,
  }
}

const HUES: Readonly<Record<RunRecord['state'], Style>> = {
  running: 'cyan',
  finished: 'green',
  interrupted: 'yellow',
  failed: 'red',
  unreadable: 'red',
}

export function runsTable(summaries: readonly RunSummary[], paint: Paint): string {
  const share = (value: number | undefined): string => (value === undefined ? '' : percent(value))
  const rows = summaries.map(({ name, state, step, steps, figures, updatedAt, problem }) => [
    paint('bold', name),
    paint(HUES[state], state),
    `${step}/${steps ?? '?'}`,
    share(figures['accuracy']),
    share(figures['evaluation.passAt1']),
    figures['loss'] === undefined ? '' : figure(figures['loss']),
    paint('dim', problem ?? updatedAt?.slice(0, 16).replace('T', ' ') ?? ''),
  ])
  const columns = [
    { title: 'run' },
    { title: 'state' },
    { title: 'step', align: 'right' },
    { title: 'accuracy', align: 'right' },
    { title: 'evaluated', align: 'right' },
    { title: 'loss', align: 'right' },
    { title: 'last event, UTC' },
  ] as const
  return table(columns, rows, paint)
}

/** State, evaluations, the last step's figures by name. */
export function runOverview(run: RunRecord, paint: Paint): string {
  const { name, state, steps, evaluations, checkpoints, failure, started } = run
  const last = steps.at(-1)
  const seconds = steps.reduce((sum, { timing }) => sum + (timing.seconds?.['total'] ?? 0), 0)
  const evaluated = evaluations.map(({ step, name: set, figures }) => [
    String(step),
    percent(figures['passAt1'] ?? NaN),
    figures['greedy'] === undefined ? '' : percent(figures['greedy']),
    figures['reflectionRate'] === undefined ? '' : percent(figures['reflectionRate']),
    paint('dim', set),
  ])
  const columns = [
    { title: 'after step' },
    { title: 'right', align: 'right' },
    { title: 'greedy', align: 'right' },
    { title: 'reflecting', align: 'right' },
    { title: '' },
  ] as const
  const figures =
    last === undefined ? [] : Object.entries(figuresOf(last)).filter(([key, value]) => !key.startsWith('construction.refused') || value > 0)
  return [
    `${paint('bold', name)}  ${paint(HUES[state], state)}  step ${last?.step ?? 0} of ${started?.steps ?? '?'}  ${duration(seconds)} in steps`,
    ...(failure === undefined ? [] : [paint('red', `step ${failure.step} failed: ${failure.error}`)]),
    `checkpoints: ${checkpoints.map(({ step }) => step).join(', ') || 'none'}`,
    ...(evaluated.length === 0 ? [] : ['', table(columns, evaluated, paint)]),
    ...(figures.length === 0
      ? []
      : [
          '',
          table(
            [{ title: `figures of step ${last?.step}` }, { title: '', align: 'right' }],
            figures.map(([key, value]) => [key, figure(value)]),
            paint,
          ),
        ]),
  ].join('\n')
}
