/**
 * Other ways to read an answer than as it stands, tried when that is not right: without the name of what it is the value of, the letter of
 * its choice, or what it holds for; letters behind a number as its unit. Texts are cleaned ones; each way gives a shorter or clearer text.
 */
import type { VerifyPolicy } from './policy.ts'
import { choiceOf } from './texts.ts'

/** Texts that the answer may stand for, none of them the text itself. A chain of equations that was read says by itself what it ends in. */
export function alternativesOf(text: string, isChain: boolean, { assignment, missingUnits }: VerifyPolicy): string[] {
  const ways = [
    unhedged,
    periodic,
    ...(assignment && !isChain ? [assigned] : []),
    unqualified,
    (each: string) => choiceOf(each)?.rest,
    ...(missingUnits ? [measured] : []),
  ]
  const first = ways.flatMap((way) => way(text) ?? [])
  const second = first.flatMap((each) => [unqualified, measured, periodic].flatMap((way) => way(each) ?? []))
  return [...new Set([...first, ...second])].filter((each) => each.trim() !== '' && each !== text).slice(0, MOST)
}

const MOST = 6

/** What stands behind the last equals sign outside of brackets, where one thing alone stands before it and has a name: `m + n = 5`, `P(A \mid B) = \frac{1}{2}`. */
function assigned(text: string): string | undefined {
  let depth = 0
  let last = -1
  let separated = false
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] as string
    if ('([{'.includes(sign)) depth += 1
    else if (')]}'.includes(sign)) depth -= 1
    else if (depth === 0 && isSeparator(text, at)) separated = true
    else if (depth === 0 && sign === '=' && !/[<>!=\\]/.test(text[at - 1] ?? '') && text[at + 1] !== '=') {
      if (separated) return undefined
      last = at
    }
  }
  const left = text.slice(0, Math.max(0, last))
  return last > 0 && left.length <= 200 && /[a-zA-Z]/.test(left) && !/\b(?:n[o']t|neq?|never|if|when)\b/i.test(left)
    ? text.slice(last + 1).trim()
    : undefined
}

const separator = /[,;<>|]|\\(?:le|leq|leqslant|ge|geq|geqslant|ne|neq|lt|gt|in|or|lor|vee|land|wedge|text)(?![a-zA-Z])|\b(?:and|or)\b/y

function isSeparator(text: string, at: number): boolean {
  separator.lastIndex = at
  return separator.test(text) && !named.test(text.slice(at, at + 30))
}

/** Words that are the name of a value, `\text{P}(A)`, `\text{area}`. */
const named =
  /^\\text\s*\{\s*(?:[A-Z]\s*\}|(?:area|volume|length|perimeter|probability|sum|ratio|distance|total|max|min|number|average|mean|median)\b)/i

/** Without what it holds for: `f(x) = x \text{ for all } x`, `\frac{\pi}{4} + k \pi, k \in \mathbb{Z}`. */
function unqualified(text: string): string | undefined {
  const shorter = text
    .replace(/[\s,;:(]*(?:\\text\s*\{[\s,;(]*(?:for\s+(?:all|any|every|each|some)|where|for)\b[^]*|\\forall(?![a-zA-Z])[^]*)$/i, '')
    .replace(/[\s,;(]*\b[a-zA-Z]\s*\\in\s*\\mathbb\s*\{?[ZNRQ]\}?(?:\s*\^\s*\{?[+*]\}?|_\{?[\w>\\ ]*\}?)?\s*\)?$/, '')
    .trim()
  return shorter === text || shorter === '' ? undefined : shorter
}

/** One name for the whole number that counts periods: `\frac{\pi}{4} + k \pi` with n. */
function periodic(text: string): string | undefined {
  const [, before, behind] = /(?<![a-zA-Z\\])([klmt])\s*\\pi(?![a-zA-Z])|\\pi\s*([klmt])(?![a-zA-Z])/.exec(text) ?? []
  const letter = before ?? behind
  return letter === undefined ? undefined : text.replaceAll(new RegExp(`(?<![a-zA-Z\\\\])${letter}(?![a-zA-Z])`, 'g'), 'n')
}

function unhedged(text: string): string | undefined {
  return /^(?:approximately|about|roughly|around|exactly)\s+(.+)$/is.exec(text)?.[1]
}

/** Letters that are units behind a number: `5 m`, `5 m/s`, `150 m^2`. */
function measured(text: string): string | undefined {
  const [, value, unit] =
    /^(.*[\d})])\s*((?:[mkcd]?m|s|h|g|l|L|N|J|V|W|K|Pa|Hz)(?:\s*\/\s*(?:s|h|m|min)(?:\s*\^\s*\{?2\}?)?|\s*\^\s*\{?[23]\}?)?)\.?$/s.exec(
      text,
    ) ?? []
  return value === undefined || unit === undefined || /[=<>]|[a-zA-Z]$/.test(value)
    ? undefined
    : `${value}\\text{ ${unit.replace(/[{}\s]/g, '')}}`
}
