/**
 * Where in a response its answer stands. From the most to the least deliberate: the last `\boxed{}`, what follows the last `####`, what
 * follows the last "the answer is", a response that is an answer and nothing else, the last formula, the last number.
 */
import { lastBoxes } from './boxes.ts'

export interface Extracted {
  readonly text: string
  readonly from: 'box' | 'boxes' | 'hashes' | 'phrase' | 'whole' | 'value'
}

/** Only the end of a response is looked at: an answer that is not there is none. */
const maxTail = 100_000

/** The answer's text; undefined when there is none. `isAnswer` says whether a text can be read as one. */
export function extractAnswer(response: string, isAnswer: (text: string) => boolean): Extracted | undefined {
  const tail = response.length > maxTail ? response.slice(-maxTail) : response
  const boxes = lastBoxes(tail)
  if (boxes.length > 0) {
    const texts = [...new Set(boxes.map(({ text }) => text.trim()))]
    if (texts.length > 1) return { text: texts.join(' , '), from: 'boxes' }
    return { text: texts[0] ?? '', from: 'box' }
  }
  const hashes = afterHashes(tail)
  if (hashes !== '') return { text: hashes, from: 'hashes' }
  const phrase = afterPhrase(tail, isAnswer)
  if (phrase !== undefined) return { text: phrase, from: 'phrase' }
  if (isShort(tail) && isAnswer(tail)) return { text: tail.trim(), from: 'whole' }
  const value = lastValue(tail)
  return value === undefined ? undefined : { text: value, from: 'value' }
}

/** The rest of the line behind the last `####`. */
function afterHashes(text: string): string {
  const at = text.lastIndexOf('####')
  return at < 0 ? '' : (text.slice(at + 4, at + 3000).split('\n')[0] ?? '').trim()
}

function isShort(text: string): boolean {
  return text.length <= 2000 && !/\n\s*\S.*\n/.test(text.trim())
}

const phrases =
  /(?:\b(?:final|correct)\s+)?\banswer\b(?:[ \t]+(?:to|of|for)\b[^.\n:=]{0,60})?(?:[ \t]*\*\*)?[ \t]*(?:\bis\b|\bare\b|would be|will be|should be|must be|:|=|\uff1a)[ \t]*:?|\u7b54\u6848[\u662f\u4e3a\uff1a:]/gi

/** What follows the last announcement that has something behind it: a formula, or words up to the end of the sentence. */
function afterPhrase(text: string, isAnswer: (text: string) => boolean): string | undefined {
  const tail = text.slice(-20_000)
  const places = [...tail.matchAll(phrases)].toReversed()
  for (const { index, 0: phrase } of places.slice(0, 5)) {
    const rest = tail.slice(index + phrase.length, index + phrase.length + 3000).replace(/^(?:\s*\})?[\s*:]*/, '') // it may stand in \\text{}
    const answer = sentenceOf(rest)
    if (answer !== '') return isAnswer(answer) ? answer : (valueIn(answer, isAnswer) ?? answer)
  }
  return undefined
}

/** Formulas at the beginning with what joins them, else the words up to the end of the sentence or line. */
function sentenceOf(rest: string): string {
  const line = unstarred(rest.split('\n')[0] ?? '')
  const quoted = /^"([^"]*)"/.exec(line)?.[1]
  if (quoted !== undefined) return quoted
  const formula =
    /^(?:(?:\$\$?(?:\\.|[^$\\])+\$\$?|\\\(.*?\\\)|\\\[.*?\\\])(?:\s*(?:,|and|or|, and|%|percent|pct|to|\\text\{[^{}]*\})\s*)*)+/.exec(
      line,
    )?.[0]
  if (formula !== undefined) return formula.replace(/[\s,]+(?:and|or)?\s*$/, '')
  if (/^(?:\$\$|\\\[|\\\()\s*$/.test(line)) return /^(?:\$\$|\\\[|\\\()([\s\S]*?)(?:\$\$|\\\]|\\\))/.exec(rest)?.[1] ?? ''
  return line
    .replace(/(?<=[^\d.]|\d)[.!?](?:\s.*|)$/s, '')
    .replace(/,?\s+(?:since|because|as|so|which|where|when|I hope)\b.*$/s, '')
    .trim()
}

/** What a sentence says something is: "the largest n is 34", else its last formula or number. */
function valueIn(sentence: string, isAnswer: (text: string) => boolean): string | undefined {
  const said = /^.*\b(?:is|are|equals|be)\b:?\s+(.*)$/s.exec(sentence)?.[1]?.trim()
  return said !== undefined && said !== '' && isAnswer(said) ? said : lastValue(sentence)
}

/** The last formula, or the last number when it stands in a later sentence. */
function lastValue(text: string): string | undefined {
  const tail = text.slice(-5000)
  const formula = lastFormula(tail)
  const after = formula === undefined ? tail : tail.slice(formula.end)
  const sentence = formula === undefined ? tail : /[.!?\n]\s(.*)$/s.exec(after)?.[1]
  const number = sentence?.slice(-2000).match(numbers)?.at(-1)?.trim()
  return number ?? formula?.text
}

/** Without the marks of bold type. */
function unstarred(line: string): string {
  return line.replace(/\*\*/g, '').trim()
}

const formulas = /\$\$((?:\\.|[^$\\])+)\$\$|(?<!\\)\$((?:\\.|[^$\\\n])+)\$|\\\((.+?)\\\)|\\\[([\s\S]+?)\\\]/g

/** The last formula between dollar signs or brackets of LaTeX, with formulas that `and` or a comma joins to it. */
function lastFormula(tail: string): { readonly text: string; readonly end: number } | undefined {
  const found = [...tail.matchAll(formulas)].filter(([, a, b, c, d]) => !/^[\s.,]*$/.test(a ?? b ?? c ?? d ?? ''))
  const last = found.at(-1)
  if (last === undefined) return undefined
  let result = last[0]
  let start = last.index
  for (const earlier of found.slice(0, -1).toReversed()) {
    const between = tail.slice(earlier.index + earlier[0].length, start)
    if (!/^\s*(?:,|and|or|, and|, or)\s*$/.test(between)) break
    result = `${earlier[0]} , ${result}`
    start = earlier.index
  }
  const end = last.index + last[0].length
  const unit = /^\s*(?:%|percent\b|pct\b)/.exec(tail.slice(end))?.[0]
  return { text: `${result}${unit ?? ''}`, end }
}

const numbers =
  /(?<![\w.])-?\s?(?:[$\u20ac\u00a3]\s?)?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+(?![\d/])|\d+)(?:[.,]\d+)?(?:\s?\/\s?\d+)?(?:\s?(?:%|percent\b|pct\b))?|(?<![\w.])-?\.\d+/g
