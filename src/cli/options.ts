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
export const amount: (text: string) => number = numberWhere((value) => value >= 0, 'a number from 0 up')

/** A number in [0, 1]. */
export const share: (text: string) => number = numberWhere((value) => value >= 0 && value <= 1, 'a number from 0 to 1')

/** A number in (0, 1]. */
export const positiveShare: (text: string) => number = numberWhere((value) => value > 0 && value <= 1, 'a number over 0, at most 1')

/** A number in [0, 1). */
export const shareBelowOne: (text: string) => number = numberWhere((value) => value >= 0 && value < 1, 'a number from 0, under 1')

function numberWhere(holds: (value: number) => boolean, name: string): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isFinite(value) && holds(value)) return value
    throw new InvalidArgumentError(`not ${name}.`)
  }
}

/** `name=number` for some of `names`, parted by commas. */
export function named<const N extends string>(names: readonly N[]): (text: string) => Partial<Record<N, number>> {
  const isName = (word: string): word is N => names.some((name) => name === word)
  return (text) => {
    const given: Partial<Record<N, number>> = {}
    for (const part of text.split(',')) {
      const [name = '', value = ''] = part.split('=')
      if (!isName(name)) throw new InvalidArgumentError(`${name}: there are ${names.join(', ')}.`)
      if (!(Number(value) > 0) || !Number.isFinite(Number(value))) throw new InvalidArgumentError(`${name}: not a number over 0.`)
      given[name] = Number(value)
    }
    return given
  }
}

/** An option that may be given several times. */
export function collected(text: string, before: readonly string[] = []): string[] {
  return [...before, text]
}

/** 'solution=2,correction=1' as numbers by name. Which names there are is the caller's affair. */
export function countsByName(text: string): Record<string, number> {
  const pairs = text.split(',').map((part) => /^\s*(\w+)=(\d+(?:\.\d+)?)\s*$/.exec(part))
  if (pairs.some((pair) => pair === null)) throw new InvalidArgumentError('not name=number,name=number.')
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', Number(pair?.[2])]))
}
