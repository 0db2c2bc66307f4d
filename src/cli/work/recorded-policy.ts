/** How strict the verifier was in a run, as its first event has it. Runs of other tasks, and older ones, have the defaults. */
import { DataError } from '../../errors.ts'
import type { StartedEvent } from '../../store/events.ts'
import { mathDefaults } from '../../tasks/math/math.ts'
import { type PolicyChoice, strictnesses } from '../../tasks/math-answer/policy.ts'

export function recordedChoice(started: StartedEvent | undefined): PolicyChoice {
  const { task } = (started?.config ?? {}) as { readonly task?: Partial<PolicyChoice> }
  const { strictness = mathDefaults.strictness, undecided = mathDefaults.undecided } = task ?? {}
  if (!strictnesses.includes(strictness))
    throw new DataError(`task.strictness: ${strictness as string} is not one of ${strictnesses.join(', ')}`)
  return { strictness, undecided }
}
