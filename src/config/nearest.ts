/** The name that somebody probably meant. */

/** The candidate with the fewest edits to `name`; undefined where even that would change over half of it. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates.map((candidate) => ({ candidate, edits: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
  const best = ranked.toSorted((a, b) => a.edits - b.edits)[0]
  return best !== undefined && best.edits <= Math.max(name.length, best.candidate.length) / 2 ? best.candidate : undefined
}

/** What to say of a name that is none of `names`: the one that was probably meant, else all of them, behind a word like 'there are'. */
export function advice(name: string, names: readonly string[], before: string): string {
  const meant = nearest(name, names)
  return meant === undefined ? `${before} ${names.join(', ')}` : `did you mean ${meant}?`
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b` (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  const table = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (__, j) => (i === 0 ? j : j === 0 ? i : 0)),
  )
  const at = (i: number, j: number): number => table[i]?.[j] ?? Infinity
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity
      ;(table[i] as number[])[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced, swapped)
    }
  }
  return at(a.length, b.length)
}
