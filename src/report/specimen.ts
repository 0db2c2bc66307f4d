/** Which constructions to show, and their parts token by token. Pure. */
import type { RolloutRow } from '../store/rollout-rows.ts'
import type { Tokenizer } from '../text/tokenizer.ts'

/** A construction that was trained on. */
export interface Specimen {
  readonly step: number
  readonly row: RolloutRow
  readonly parts: TrajectoryParts
}

export interface WeightedToken {
  readonly text: string
  readonly weight: number
}

/** The parts of a trajectory, by token. */
export interface TrajectoryParts {
  readonly prefix: readonly WeightedToken[]
  readonly diagnosis: readonly WeightedToken[]
  readonly correction: readonly WeightedToken[]
}

/** The parts of an accepted construction's row; undefined for a refused one. */
export function trajectoryParts(row: RolloutRow, tokenizer: Pick<Tokenizer, 'decode' | 'ends'>): TrajectoryParts | undefined {
  const { prefixLength, diagnosisLength, promptLength, weights } = row
  if (prefixLength === undefined || diagnosisLength === undefined || weights === undefined) return undefined
  const answer = row.tokens.subarray(promptLength)
  const text = tokenizer.decode(answer)
  const ends = tokenizer.ends(answer)
  const tokens = Array.from(answer, (_, t) => ({ text: text.slice(ends[t - 1] ?? 0, ends[t]), weight: weights[promptLength + t] ?? 1 }))
  const border = prefixLength + diagnosisLength
  return { prefix: tokens.slice(0, prefixLength), diagnosis: tokens.slice(prefixLength, border), correction: tokens.slice(border) }
}

/**
 * The construction to show: trained on, right, with all three parts; of those with the most `merit`, and of the shorter half of them, the
 * one with the liveliest weights.
 */
export function pickSpecimen(rows: readonly RolloutRow[], merit: (row: RolloutRow) => number = () => 0): RolloutRow | undefined {
  const isTrained = (row: RolloutRow): boolean => row.advantages?.some((advantage) => advantage !== 0) === true
  const isWhole = ({ prefixLength = 0, diagnosisLength = 0, correctionLength = 0 }: RolloutRow): boolean =>
    prefixLength > 0 && diagnosisLength > 0 && correctionLength > 1
  const candidates = rows.filter((row) => row.kind === 'construction' && row.reward === 1 && isTrained(row) && isWhole(row))
  const most = Math.max(...candidates.map(merit))
  const byLength = candidates.filter((row) => merit(row) === most).toSorted((a, b) => a.tokens.length - b.tokens.length)
  const shorter = byLength.slice(0, Math.ceil(byLength.length / 2))
  return shorter.toSorted((a, b) => spread(b) - spread(a))[0]
}

/** Standard deviation of the weights. */
function spread({ weights = new Float32Array(), promptLength }: RolloutRow): number {
  const own = weights.subarray(promptLength)
  const mean = own.reduce((sum, weight) => sum + weight, 0) / own.length
  return Math.sqrt(own.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / own.length)
}
