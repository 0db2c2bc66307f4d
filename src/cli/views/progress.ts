/** What `tapo train` says while it runs: a line for each step, evaluation and checkpoint, and what it is doing just now. Pure. */
import type { CheckpointEvent, EvaluationEvent, RunEvent, StepEvent, WarningEvent } from '../../store/events.ts'
import type { Phase } from '../../train.ts'
import { duration, percent, short } from './format.ts'
import { type Paint, widthOf } from './paint.ts'
import { wrapText } from './wrap.ts'

const GAP = '  '

export interface StepPlace {
  readonly steps: number // of the run
  readonly left: number // seconds
  readonly width: number // columns; Infinity where a line may have any length
}

/** How much a step's line says, from the widest form to the narrowest. */
const FORMS = [
  { step: 'step ', accuracy: 'accuracy', eligible: 'eligible', weight: 'weight', digits: 1, isTimed: true },
  { step: 'step ', accuracy: 'accuracy', eligible: 'eligible', weight: 'weight', digits: 1, isTimed: false },
  { step: '', accuracy: 'acc', eligible: 'elig', weight: 'w', digits: 0, isTimed: false },
] as const

/** 'step 12/40  accuracy 41.2 %  eligible 31 %  built 14/18  weight 0.83  4.2k tok/s  1.8 s  42 s left', as far as it fits. */
export function stepLine(event: StepEvent, { steps, left, width }: StepPlace, paint: Paint): string {
  const { metrics, timing } = event
  const seconds = timing.seconds?.['total'] ?? 0
  const dim = (text: string): string => paint('dim', text)
  const lines = FORMS.map(({ step, accuracy, eligible, weight, digits, isTimed }) => [
    paint('bold', `${step}${stepOf(event.step, steps)}`),
    ...shown(accuracy, metrics['accuracy'], (share) => percent(share, digits), paint),
    ...shown(eligible, metrics['group.eligible'], (share) => percent(share, 0), paint),
    ...built(event, paint),
    ...shown(weight, metrics['weight.mean'], (value) => value.toFixed(2), paint),
    ...(metrics['trained.demonstration'] === undefined ? [] : likelihood(event, paint)),
    `${short(tokensOf(event) / seconds)} ${dim('tok/s')}`,
    ...(isTimed ? [duration(seconds)] : []),
    `${duration(left)} ${dim('left')}`,
  ])
  return fitting(lines, width)
}

/** 'after step 20  43.1 % right [41.0, 45.2]  greedy 55.0 %  reflecting 12.0 %  250 problems x 8'; undecided answers where there are any. */
export function evaluationLine({ step, figures, problems, samples }: EvaluationEvent, width: number, paint: Paint): string {
  const [low = NaN, high = NaN] = [figures['passAt1Low'], figures['passAt1High']]
  const said = [
    paint(['magenta', 'bold'], `after step ${step}`),
    `${paint('bold', percent(figures['passAt1'] ?? NaN))} right ${paint('dim', `[${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`)}`,
    ...shown('greedy', figures['greedy'], percent, paint),
    ...shown('reflecting', figures['reflectionRate'], percent, paint),
    ...shown('undecided', figures['undecidedShare'] || undefined, percent, paint),
  ]
  return fitting([[...said, paint('dim', `${problems.length} problems x ${samples}`)], said], width)
}

/** In the words of the log. */
export function warningLines({ text }: WarningEvent, width: number, paint: Paint): string {
  const lines = width === Infinity ? [`warning: ${text}`] : wrapText(`warning: ${text}`, width)
  return lines.map((line) => paint('yellow', line)).join('\n')
}

export function checkpointLine({ directory }: CheckpointEvent, paint: Paint): string {
  return paint('dim', `saved ${directory}`)
}

const DOING: Readonly<Record<Phase['phase'], string>> = {
  replay: 'repeating from the log',
  rollout: 'answering',
  method: 'making examples',
  update: 'learning',
  evaluation: 'evaluating',
  checkpoint: 'saving',
}

/** 'step 13/40  learning ...  1.2 s' */
export function phaseLine(
  { phase, step }: Phase,
  { steps, seconds }: { readonly steps: number; readonly seconds: number },
  paint: Paint,
): string {
  return [paint('bold', `step ${stepOf(step, steps)}`), paint('dim', `${DOING[phase]} ...`), paint('dim', duration(seconds))].join(GAP)
}

/** Seconds until the last step: the mean of the last steps, for every step that is left, and the evaluations that are due. */
export function secondsLeft(
  events: readonly RunEvent[],
  { steps, everySteps }: { readonly steps: number; readonly everySteps: number },
): number {
  const done = events.filter((event) => event.type === 'step')
  const recent = done.slice(-8).map(({ timing }) => timing.seconds?.['total'] ?? 0)
  const step = done.at(-1)?.step ?? 0
  const evaluation = events.findLast((event) => event.type === 'evaluation')?.timing.seconds?.['total'] ?? 0
  const isDue = (each: number): boolean => everySteps > 0 && (each % everySteps === 0 || each === steps)
  const due = Array.from({ length: steps - step }, (_, i) => step + 1 + i).filter(isDue).length + (isDue(step) ? 1 : 0)
  const mean = recent.reduce((sum, seconds) => sum + seconds, 0) / Math.max(1, recent.length)
  return mean * (steps - step) + evaluation * due
}

/** The first line that fits into `width` columns, else the last. */
function fitting(lines: readonly (readonly string[])[], width: number): string {
  const whole = lines.map((said) => said.join(GAP))
  return whole.find((line) => widthOf(line) <= width) ?? whole.at(-1) ?? ''
}

function stepOf(step: number, steps: number): string {
  return `${String(step).padStart(String(steps).length)}/${steps}`
}

function shown(name: string, value: number | undefined, text: (value: number) => string, paint: Paint): string[] {
  return value === undefined ? [] : [`${paint('dim', name)} ${text(value)}`]
}

/** Accepted constructions of those that were tried. */
function built({ metrics }: StepEvent, paint: Paint): string[] {
  const attempted = metrics['construction.attempted']
  if (attempted === undefined) return []
  const accepted = Math.round(attempted * (metrics['construction.parseRate'] ?? 0))
  return [`${paint('dim', 'built')} ${accepted}/${attempted}`]
}

function likelihood({ metrics, report }: StepEvent, paint: Paint): string[] {
  return [
    ...shown('loss', report?.loss, (loss) => loss.toFixed(3), paint),
    ...shown('demonstrations', metrics['trained.demonstration'], String, paint),
  ]
}

/** Sampled tokens; where nothing is sampled, trained ones. */
function tokensOf({ metrics, report }: StepEvent): number {
  return metrics['sampledTokens'] || (report?.tokens ?? 0)
}
