/** What of the loop's progress is shown, and how: lines that stay for what is done, the bottom line for what is going on. */
import type { Config } from '../../config/config.ts'
import type { RunEvent } from '../../store/events.ts'
import type { Progress } from '../../train.ts'
import type { Live } from '../live.ts'
import type { Paint } from '../views/paint.ts'
import { checkpointLine, evaluationLine, phaseLine, secondsLeft, stepLine, warningLines } from '../views/progress.ts'

export interface FollowOptions {
  readonly view: Live
  readonly paint: Paint
  readonly width: number // columns; Infinity where a line may have any length
  readonly config: Config
}

export function follow(progress: Progress, events: readonly RunEvent[], { view, paint, width, config }: FollowOptions): void {
  const { steps, evaluation } = config
  switch (progress.type) {
    case 'phase': {
      const begin = performance.now()
      view.show(() => phaseLine(progress, { steps, seconds: (performance.now() - begin) / 1000 }, paint))
      break
    }
    case 'step': {
      const left = secondsLeft(events, { steps, everySteps: evaluation.everySteps })
      view.print(stepLine(progress, { steps, left, width }, paint))
      break
    }
    case 'evaluation':
      view.print(evaluationLine(progress, width, paint))
      break
    case 'warning':
      view.print(warningLines(progress, width, paint))
      break
    case 'checkpoint':
      view.print(checkpointLine(progress, paint))
      break
    case 'failed': // told by the error that follows
    case 'finished':
    case 'started':
      break
    default:
      progress satisfies never
  }
}
