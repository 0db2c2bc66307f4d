/** One run at a glance. Pure. */
import { valueAt } from '../../config/keys.ts'
import type { EvaluationEvent, StartedEvent } from '../../store/events.ts'
import type { RunRecord } from '../../store/reader.ts'
import { intervalIn } from '../../evaluation/records.ts'
import { figuresTable } from './figures.ts'
import { duration, percent, percentInterval, stepSize } from './format.ts'
import type { Paint } from './paint.ts'
import { HUES } from './runs.ts'
import { table } from './table.ts'

export interface OverviewPlace {
  readonly width: number // columns
  readonly paint: Paint
}

/** State, what it is a run of, evaluations, the last step's figures by name. */
export function runOverview(run: RunRecord, { width, paint }: OverviewPlace): string {
  const { name, directory, state, steps, evaluations, checkpoints, failure, started } = run
  const last = steps.at(-1)
  const seconds = steps.reduce((sum, { timing }) => sum + (timing.seconds?.['total'] ?? 0), 0)
  return [
    `${paint('bold', name)}  ${paint(HUES[state], state)}  step ${last?.step ?? 0} of ${started?.steps ?? '?'}  ${duration(seconds)} in steps`,
    ...(started === undefined ? [] : whatOf(started)),
    ...(failure === undefined ? [] : [paint('red', `step ${failure.step} failed: ${failure.error}`)]),
    checkpoints.length === 0 ? 'no checkpoint yet' : `checkpoints after step ${checkpoints.map(({ step }) => step).join(', ')}`,
    ...(state === 'interrupted' || state === 'failed' ? [`go on with the command that began it, and --out ${directory} --resume`] : []),
    ...(evaluations.length === 0 ? [] : ['', evaluationsTable(evaluations, paint)]),
    ...(last === undefined ? [] : ['', figuresTable(last, width, paint)]),
  ].join('\n')
}

/** 'tapo on mini, 24 problems x 8 attempts a step, seed 1'; nothing of a run that was begun with a configuration of another kind. */
function whatOf({ config }: StartedEvent): string[] {
  const [method, task] = ['method.kind', 'task.kind'].map((path) => valueAt(config, path))
  const [problems, groupSize, seed] = ['rollout.problems', 'rollout.groupSize', 'seed'].map((path) => valueAt(config, path))
  if (typeof method !== 'string' || typeof task !== 'string' || typeof problems !== 'number' || typeof groupSize !== 'number') return []
  return [`${method} on ${task}, ${stepSize({ problems, groupSize })} a step, seed ${JSON.stringify(seed)}`]
}

function evaluationsTable(evaluations: readonly EvaluationEvent[], paint: Paint): string {
  const isUndecided = evaluations.some(({ figures }) => (figures['undecidedShare'] ?? 0) > 0)
  const rows = evaluations.map(({ step, name, problems, samples, figures }) => {
    const { greedy, reflectionRate } = figures
    const shares = [greedy, reflectionRate].map((share) => (share === undefined ? '' : percent(share)))
    return [
      String(step),
      percentInterval(intervalIn(figures, 'passAt1')),
      ...shares,
      ...(isUndecided ? [percentInterval(intervalIn(figures, 'undecidedShare'))] : []),
      paint('dim', `${name}, ${problems.length} problems x ${samples}`),
    ]
  })
  const columns = [
    { title: 'after step', align: 'right' },
    { title: 'right' },
    { title: 'greedy', align: 'right' },
    { title: 'reflecting', align: 'right' },
    ...(isUndecided ? [{ title: 'undecided' }] : []),
    { title: '' },
  ] as const
  return table(columns, rows, paint)
}
