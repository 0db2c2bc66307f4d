/** Answers that are words: choices, names, days, dates, times of day. */
import { numberWords } from './names.ts'
import { type Outcome, right, undecided, wrong } from './outcome.ts'

const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december']

/** The words of an answer in one spelling; case is kept. */
export function wordsOf(text: string): string {
  let words = text
  for (let before = ''; before !== words;) {
    before = words
    words = words.replace(
      /\\(?:text|mbox|textbf|textit|textrm|textnormal|mathrm|mathbf|textsf|texttt|operatorname|emph|bf|rm|boxed)\s*\{([^{}]*)\}/g,
      '$1',
    )
  }
  return words
    .replace(/[{}$*"`\u201c\u201d]|\\[,;!: ]|\\(?:quad|qquad)|~/g, ' ')
    .replace(/\s*([,;:])\s*/g, '$1 ')
    .replace(/\s+/g, ' ')
    .replace(/^(?:[\s,;:]|\.(?!\d))+|[\s,;:?]+$|(?<!\.)\.$|(?<=[a-z]{3})!+$/g, '')
}

/** Whether two answers are the same text: to the letter, or, where one is words, as words. */
export function isSameText(gold: string, given: string): boolean {
  const [a, b] = [wordsOf(gold), wordsOf(given)]
  if (a === '' || b === '') return false
  if (spaceless(gold) === spaceless(given)) return true
  const isWordy = (text: string): boolean => /[a-z]{3,}/i.test(text) && !/[\^_+=/<>\\|]/.test(text)
  return (
    a === b ||
    ((isWordy(a) || isWordy(b)) && textForm(gold) === textForm(given)) ||
    ([gold, given].every((text) => /^(?:empty set|no solution)$/.test(textForm(text))) && !/\\\{\s*\\/.test(given))
  )
}

/** Without white space but between letters or digits, and with one name for each relation. */
function spaceless(text: string): string {
  return text
    .replace(/\\(ne|le|ge)(?:q|qslant)(?![a-zA-Z])/g, '\\$1')
    .replace(/\\[td]binom/g, '\\binom')
    .replace(/(?<![a-zA-Z0-9.,])\s+|\s+(?![a-zA-Z0-9.,])/g, '')
}

/** One form for all spellings of the same words. */
export function textForm(text: string): string {
  const plain = wordsOf(text)
    .toLowerCase()
    .replace(/^(?:the|an?) /, '')
    .replace(/^\((.*)\)$/, '$1')
    .replace(/^(?:there (?:is|are)|it is|they are) /, '')
    .replace(/^no solutions$/, 'no solution')
    .replace(/^infinitely many solutions$/, 'infinitely many')
    .replace(/^dne$/, 'does not exist')
  const date = dateOf(plain)
  if (date !== undefined) return date
  if (/^(?:\\emptyset|\\varnothing|empty|null set|\\\s*\\)$/.test(plain)) return 'empty set'
  const count = numberWords.get(plain)
  return count === undefined ? plain : String(count)
}

/** `October 30`, `30th of October`, `Oct. 30`: month, day, and year where there is one. */
function dateOf(plain: string): string | undefined {
  const found =
    /^(?<month>[a-z]{3,9})\.? (?<day>\d{1,2})(?:st|nd|rd|th)?(?:,? (?<year>\d{4}))?$/.exec(plain) ??
    /^(?<day>\d{1,2})(?:st|nd|rd|th)?(?: of)? (?<month>[a-z]{3,9})\.?(?:,? (?<year>\d{4}))?$/.exec(plain)
  const { month = '', day = '', year } = found?.groups ?? {}
  const name = months.find((candidate) => candidate === month || (month.length <= 4 && candidate.startsWith(month)))
  return name === undefined || found === null ? undefined : `${name} ${Number(day)}${year === undefined ? '' : ` ${year}`}`
}

/** Letters of the choices that an answer names, `(C)`, `A, B and D`, `(C) 12`; undefined when it is no choice. */
export function choicesOf(text: string): string | undefined {
  const words = wordsOf(text)
    .replace(/\\/g, ' ')
    .trim()
    .replace(/^(?:(?:the )?(?:correct )?(?:option|choice|answer)(?: is)?:?)\s+(?=\W?[A-Z]\b)/i, '')
  const list = words.replace(/\b(?:and|or)\b|[,&]/g, ' ').replace(/[()[\].]/g, ' ')
  if (/^\s*(?:[A-Z]\s+)*[A-Z]\s*$/.test(list)) return list.replace(/\s+/g, '')
  const [, letter, rest = ''] = /^\(?([A-Z])(?:\)|\.|:)\s*(.*)$/s.exec(words) ?? []
  if (
    letter === undefined ||
    /\b(?:not|in?correct|wrong|false)\b|n't/i.test(rest) ||
    /^[,;&]|(?:^|[^a-zA-Z])[A-Z](?:$|[^a-zA-Z])|\b(?:and|or)\b/.test(rest)
  )
    return undefined
  return letter
}

/** A choice with what it says behind its letter, `\textbf{(B)}\ 12`. */
export function choiceOf(text: string): { readonly letter: string; readonly rest: string } | undefined {
  const [, wrapper, bracketed, bare, closing, rest = ''] =
    /^(\\(?:text|textbf|textrm|mathrm|mathbf)\s*\{)?\s*(?:\(([A-J])\)|([A-J])[).:](?!\d))\s*(\})?\s*(\S.*)$/s.exec(text) ?? []
  const letter = bracketed ?? bare
  if (letter === undefined || /^[,;&]|(?:^|[^a-zA-Z\\{])[A-J][).:]|\([A-J]\)/.test(rest)) return undefined
  return { letter, rest: wrapper !== undefined && closing === undefined ? rest.replace(/\}([^}]*)$/, '$1') : rest }
}

/** Compares choices when the gold answer is some; undefined otherwise. */
export function compareChoices(gold: string, given: string, isAnyOrder: boolean): Outcome | undefined {
  const wanted = choicesOf(gold)
  if (wanted === undefined || !/^[A-Z]+$/.test(wordsOf(gold).replace(/[\s(),]|and/g, ''))) return undefined
  const found = choicesOf(given)
  if (found === undefined) return undefined
  const arrange = (letters: string): string => (isAnyOrder ? letters.split('').sort().join('') : letters)
  return arrange(wanted) === arrange(found) ? right('text', `the choice ${wanted}`) : wrong('text', `the choice ${found}, not ${wanted}`)
}

interface Time {
  readonly seconds: number
  readonly isHalf: boolean // on a clock of 12 hours, without am or pm
}

function timeOf(text: string): Time | undefined {
  const plain = wordsOf(text).toLowerCase().replace(/\./g, '').replace(/: /g, ':')
  const [, hour = '', minute = '', second = '0', half] = /^(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(am|pm|a m|p m)?$/.exec(plain) ?? []
  if (minute === '' || Number(hour) > 24 || Number(minute) > 59 || Number(second) > 59) return undefined
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.startsWith('p') ? 12 : 0)
  return {
    seconds: hours * 3600 + Number(minute) * 60 + Number(second),
    isHalf: half === undefined && Number(hour) <= 12 && !hour.startsWith('0'),
  }
}

/** Compares times of day when the gold answer is written as one that no ratio is: with am or pm, or with a zero before it. */
export function compareTimes(gold: string, given: string): Outcome | undefined {
  const wanted = timeOf(gold)
  if (wanted === undefined || !/[ap]\.? ?m\b|^\W*0\d:|^\W*\d{1,2}:0\d\b/i.test(wordsOf(gold).replace(/: /g, ':'))) return undefined
  const found = timeOf(given)
  if (found === undefined) return wrong('text', 'not a time of day')
  if (wanted.seconds === found.seconds) return right('text', 'the same time of day')
  const isNear = (wanted.seconds - found.seconds) % 43200 === 0 && (wanted.isHalf || found.isHalf)
  return isNear ? undecided('text', 'the same time on the dial, without am or pm') : wrong('text', 'another time of day')
}
