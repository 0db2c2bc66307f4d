/**
 * Whether a cold start is good enough for RL to begin (docs/paper.md, cold start [D]). RL keeps reflection only where it already pays, and
 * TAPO is GRPO while nothing is constructed; so this is asked before, not found out after. Pure.
 */
import { changeOf } from '../evaluation/records.ts'
import { type Interval, wilson } from '../evaluation/wilson.ts'
import type { EvaluationRecord } from '../store/events.ts'

/** What was counted on development problems under the fitted weights. */
export interface Measured {
  readonly problems: number
  readonly eligible: number // of them, in the zone
  readonly constructions: {
    readonly tried: number
    readonly kept: number // nothing refused them: they parse, and keep the wrong answer's beginning
    readonly right: number // and come out right
    readonly undecided: number // and come out as nobody can tell
    readonly refusals: Readonly<Record<string, number>>
  }
  readonly reflecting: {
    readonly answers: number
    readonly right: number
    readonly others: number | null // share of right ones among the answers to the same problems that do not reflect; null without such
  }
}

/** What is wanted [P for the parse rate, the others D]. */
export const gate = {
  parsed: 0.8, // of the constructions that are tried
  right: 0.4, // of the same
  lost: 0.05, // accuracy that may be lost against the base, beyond what chance explains
} as const

export interface Finding {
  readonly name: 'parsed' | 'right' | 'reflecting' | 'accuracy'
  readonly found: Interval | null // null where there was nothing to take it over
  readonly wanted: number | null // at least
  readonly holds: boolean
  readonly advice: string // what to do where it does not hold
}

export interface Verdict {
  readonly passes: boolean
  readonly findings: readonly Finding[]
  readonly measured: Measured
}

export function verdict(measured: Measured, before: EvaluationRecord, after: EvaluationRecord): Verdict {
  const findings = [parsedFinding(measured), rightFinding(measured), reflectingFinding(measured), accuracyFinding(before, after)]
  return { passes: findings.every(({ holds }) => holds), findings, measured }
}

function parsedFinding({ constructions: { tried, kept } }: Measured): Finding {
  const found = shareOf(kept, tried)
  const advice =
    found === null
      ? 'no problem was right often enough and wrong often enough; choose problems with tapo filter, or warm the model up first'
      : 'fit longer (--steps), or on more rows of kind reflection'
  return { name: 'parsed', found, wanted: gate.parsed, holds: found !== null && found.value >= gate.parsed, advice }
}

function rightFinding({ constructions: { tried, right } }: Measured): Finding {
  const found = shareOf(right, tried)
  const advice = 'collect more answers and build more rows: it copies the form of a correction, not yet the skill'
  return { name: 'right', found, wanted: gate.right, holds: found !== null && found.value >= gate.right, advice }
}

/** Not below the other answers to the same problems by more than chance explains: what is below is what RL takes away. */
function reflectingFinding({ reflecting: { answers, right, others } }: Measured): Finding {
  const found = shareOf(right, answers)
  const advice =
    found === null
      ? 'no answer reflects, so RL has nothing to keep; fit on more rows of kind correction'
      : 'reflecting costs more than it gives; more right solutions in the mixture, or --set method.prefixLoss=context'
  return { name: 'reflecting', found, wanted: others, holds: found !== null && (others === null || found.high >= others), advice }
}

function accuracyFinding(before: EvaluationRecord, after: EvaluationRecord): Finding {
  const { difference } = changeOf(before, after)
  const holds = difference.value >= -gate.lost || difference.high >= 0
  const advice = 'fit more gently (--set optimizer.learningRate), with more right solutions, or with --set method.prefixLoss=context'
  return { name: 'accuracy', found: difference, wanted: -gate.lost, holds, advice }
}

function shareOf(part: number, whole: number): Interval | null {
  return whole === 0 ? null : wilson(part, whole)
}
