/** A run's plan on an engine elsewhere. Pure. */
import type { Config } from '../../config/config.ts'
import type { Budget, Estimate, StatedEngine, Tokens } from '../../experiments/budget.ts'
import { duration, short, stepSize } from './format.ts'
import type { Paint } from './paint.ts'

export function budgetText(
  config: Config,
  { budget, engine, found }: { readonly budget: Budget; readonly engine: StatedEngine; readonly found: Estimate },
  paint: Paint,
): string {
  const { step, evaluation, evaluations, run } = budget
  const { sample, score, train, prompt, answer } = engine
  const { problems, samples } = config.evaluation
  const lines: (readonly [string, string, string])[] = [
    ['task', config.task.kind, ''],
    ['method', config.method.kind, `${config.steps} steps of ${stepSize(config.rollout)}`],
    ['lengths', `${short(prompt)} + ${short(answer)} tokens`, 'prompt and answer, as stated'],
    ['a step', tokens(step), `sampled, read and trained; about ${duration(found.stepSeconds)}`],
    ...(evaluations === 0 ? [] : [['evaluation', tokens(evaluation), `${evaluations} times, ${problems} problems x ${samples}`] as const]),
    ['the run', tokens(run), 'sampled, read and trained'],
    ['engine', `${short(sample)}, ${short(score)}, ${short(train)} tokens/s`, 'sampling, scoring, training, as stated'],
    ['time', `about ${duration(found.runSeconds)}`, ''],
    ...(found.cost === undefined ? [] : [['cost', `about ${Math.round(found.cost)}`, `at ${engine.price} an hour`] as const]),
  ]
  return lines
    .map(([label, value, meaning]) => `${paint('bold', label.padEnd(11))}${value.padEnd(30)}  ${paint('dim', meaning)}`.trimEnd())
    .join('\n')
}

function tokens({ sampled, read, trained }: Tokens): string {
  return `${short(sampled)}, ${short(read)}, ${short(trained)} tokens`
}
