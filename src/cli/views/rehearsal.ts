/** A dry run's findings. Pure. */
import type { Config } from '../../config/config.ts'
import type { Rehearsal } from '../../experiments/rehearse.ts'
import { duration, megabytes, short, stepSize } from './format.ts'
import type { Paint } from './paint.ts'

export function rehearsalText(config: Config, found: Rehearsal, paint: Paint): string {
  const { parameters, lengths, seconds, peakMb, memoryMb, diskMb, freeDiskMb, speed, threads, directory, problems } = found
  const parts = (['rollout', 'method', 'update'] as const).map((part) => `${part} ${duration(seconds[part])}`).join(', ')
  const memory = `${megabytes(peakMb)} of ${megabytes(memoryMb)}`
  const lines: (readonly [string, string, string])[] = [
    ['model', `${short(parameters)} parameters`, config.model.path],
    ['task', config.task.kind, `${short(problems.train)} problems to learn on, ${short(problems.development)} held out`],
    ['method', config.method.kind, `${config.steps} steps of ${stepSize(config.rollout)}`],
    [
      'lengths',
      `${lengths.prompt.toFixed(0)} + ${lengths.answer.toFixed(0)} tokens`,
      'prompt and answer, means over some problems and their solutions',
    ],
    ['machine', `${(speed / 1e9).toFixed(0)} GFLOP/s`, `matrix products on ${threads} threads, measured just now`],
    ['a step', `about ${duration(seconds.total)}`, parts],
    ['all steps', `about ${duration(seconds.total * config.steps)}`, 'without evaluations'],
    [
      'memory',
      peakMb > memoryMb ? paint('red', memory) : memory,
      'at its peak; engine.activationMb and engine.cacheMb bound the most of it',
    ],
    ['disk', `${megabytes(diskMb)} of ${megabytes(freeDiskMb)} free`, 'checkpoints and rollouts'],
    ['run', directory, 'untouched: this was a dry run'],
  ]
  return lines
    .map(([label, value, meaning]) => `${paint('bold', label.padEnd(11))}${value.padEnd(24)}  ${paint('dim', meaning)}`)
    .join('\n')
}
