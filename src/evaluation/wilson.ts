/** Wilson's score interval for a share. Pure. */

/** An estimate with its 95 % interval. */
export interface Interval {
  readonly value: number
  readonly low: number
  readonly high: number
}

const Z = 1.959963984540054 // normal quantile at 0.975

/**
 * The share `right / total` with Wilson's 95 % interval (Wilson 1927), which stays in [0, 1] and is sound at 0 and 1,
 * where value +- 2 errors has no width. It treats the trials as independent. NaN for no trials.
 */
export function wilson(right: number, total: number): Interval {
  const share = right / total
  const scale = 1 + (Z * Z) / total
  const centre = (share + (Z * Z) / (2 * total)) / scale
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / total + (Z * Z) / (4 * total * total))
  return { value: share, low: Math.min(share, Math.max(0, centre - half)), high: Math.max(share, Math.min(1, centre + half)) } // whatever rounding does, the share is in it
}
