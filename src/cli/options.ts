/** Readers of option values, for several commands. What is wrong with one is told by commander, with exit code 2. */
import { InvalidArgumentError } from 'commander'

/** An integer >= `least`. */
export function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value
    throw new InvalidArgumentError(`not an integer from ${least} up.`)
  }
}

/** A number >= 0. */
export function amount(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value
  throw new InvalidArgumentError('not a number from 0 up.')
}

/** An option that may be given several times. */
export function collected(text: string, before: readonly string[] = []): string[] {
  return [...before, text]
}
