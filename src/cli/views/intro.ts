/** What a run is about, in the lines before its first step. Pure. */
import type { Config } from '../../config/config.ts'
import { stepSize } from './format.ts'
import type { Paint } from './paint.ts'
import { wrapText } from './wrap.ts'

const METHODS: Readonly<Record<Config['method']['kind'], string>> = {
  tapo: 'TAPO: it answers each problem several times. Where it is sometimes right and sometimes wrong, it also corrects its own wrong answers: it keeps the beginning up to the first error, says what is wrong, and goes on correctly. It learns from both.',
  grpo: 'GRPO: it answers each problem several times, and right answers are made likelier than wrong ones.',
  opsd: 'OPSD: it answers each problem several times. The same model, shown a solution, says of every word how likely it would have been, and the answers move towards that. Whether they are right does not count.',
  rows: 'Likelihood: it learns the rows of a file, right solutions, corrections of wrong answers, and replies that write such corrections.',
  sft: 'Likelihood: it learns to write worked solutions, and corrections of wrong answers where they are asked for.',
  'sft-constructed':
    'Likelihood: it answers each problem several times and corrects its own wrong answers as TAPO does. It learns to write those corrections that come out right, and nothing else.',
}

const AS_IT_IS = 'No step: the model is saved and evaluated as it is.'

export interface Intro {
  readonly config: Config
  readonly directory: string
  readonly stepsDone?: number // of a run that is resumed
}

export interface IntroPlace {
  readonly width: number // columns
  readonly paint: Paint
}

export function introText({ config, directory, stepsDone }: Intro, { width, paint }: IntroPlace): string {
  const { name, method, model, task, steps, rollout, seed } = config
  const facts = `${model.path} on ${task.kind}, ${steps} steps of ${method.kind === 'rows' ? `${rollout.problems} rows` : stepSize(rollout)}, seed ${seed}, in ${directory}`
  return [
    `${paint('bold', name)}  ${facts}${stepsDone === undefined ? '' : `, resumed after step ${stepsDone}`}`,
    ...wrapText(steps === 0 ? AS_IT_IS : METHODS[method.kind], width).map((line) => paint('dim', line)),
    '',
  ].join('\n')
}
