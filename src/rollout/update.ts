/** A step's update, guarded: nothing to learn makes none, and one that is not finite is an error. */
import type { StepReport, Trainer, Update } from '../engine/engine.ts'
import { EngineError } from '../errors.ts'
import type { Example } from '../types.ts'

/** A batch without a nonzero advantage leaves the weights and the optimizer as they are and has no report; its step counts all the same. */
export async function makeUpdate(trainer: Trainer, examples: readonly Example[], update: Update): Promise<StepReport | undefined> {
  if (!examples.some((example) => example.advantages.some((advantage) => advantage !== 0))) return undefined
  const report = await trainer.step(examples, update)
  if (Number.isFinite(report.loss) && Number.isFinite(report.gradientNorm)) return report
  throw new EngineError(`the update is not finite, loss ${report.loss}, gradient norm ${report.gradientNorm}`)
}
