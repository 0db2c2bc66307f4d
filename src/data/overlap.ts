/** Problems to learn from that share long runs of words with problems to evaluate on: contamination. Pure. */
import type { Problem } from '../types.ts'

/** One pair. */
export interface Overlap {
  readonly asked: string // id of the problem to evaluate on
  readonly learnt: string // id of the problem to learn from
  readonly share: number // of the asked problem's runs of words: found in the other
}

/**
 * Words as they are compared: letters and digits in lower case, LaTeX commands included. The expression repeats nothing, since a repetition may
 * overflow the stack on a text of millions of letters.
 */
function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]/u)
    .filter((word) => word !== '')
}

interface Asked {
  readonly id: string
  readonly runs: number
}

/** Finds overlaps with `asked`, one learnt problem at a time. A problem of fewer than `length` words is compared as a whole. */
export function overlapFinder(asked: Iterable<Problem>, length: number): (learnt: Problem) => Overlap[] {
  const known = new Set<string>()
  const places = new Map<string, Asked[]>()
  for (const { id, question } of asked) {
    const words = wordsOf(question)
    for (const word of words) known.add(word)
    const runs = new Set(words.length < length ? [whole(words)] : runsOf(words, length))
    for (const run of runs) {
      const before = places.get(run)
      if (before === undefined) places.set(run, [{ id, runs: runs.size }])
      else before.push({ id, runs: runs.size })
    }
  }
  if (places.size === 0) return () => []
  return ({ id: learnt, question }) => {
    const found = new Map<string, number>()
    for (const run of candidates(wordsOf(question), known, length)) {
      for (const { id, runs } of places.get(run) ?? []) found.set(id, (found.get(id) ?? 0) + 1 / runs)
    }
    return [...found].map(([id, share]) => ({ asked: id, learnt, share: Math.min(1, share) })).toSorted((a, b) => b.share - a.share)
  }
}

/** Different runs of words that all occur in what is asked; no other run can be found there. */
function candidates(words: readonly string[], known: ReadonlySet<string>, length: number): Set<string> {
  if (words.length < length) return new Set(words.every((word) => known.has(word)) ? [whole(words)] : [])
  const runs = new Set<string>()
  let unbroken = 0
  words.forEach((word, i) => {
    unbroken = known.has(word) ? unbroken + 1 : 0
    if (unbroken >= length) runs.add(words.slice(i + 1 - length, i + 1).join(' '))
  })
  return runs
}

function runsOf(words: readonly string[], length: number): string[] {
  return Array.from({ length: words.length - length + 1 }, (_, i) => words.slice(i, i + length).join(' '))
}

/** Never equal to a part of something. */
function whole(words: readonly string[]): string {
  return `= ${words.join(' ')}`
}
