/** Pass@k by the unbiased estimator. Pure. */

/**
 * 1 - C(n - right, k) / C(n, k) for one problem (Chen et al. 2021), 1 <= k <= n: the chance that k of the n answers, drawn
 * without replacement, hold a right one.
 */
export function passAtK(n: number, right: number, k: number): number {
  if (n - right < k) return 1
  let noneRight = 1
  for (let i = 0; i < k; i++) noneRight *= (n - right - i) / (n - i)
  return 1 - noneRight
}

/** The ks worth reporting for `n` answers: 1, 2, 4 ... and n itself. */
export function powersUpTo(n: number): number[] {
  const ks: number[] = []
  for (let k = 1; k < n; k *= 2) ks.push(k)
  return [...ks, n]
}
