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
  const value = lastValue(tail, isAnswer)
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
  /(?:\b(?:final|correct)\s+)?\b(?:answer|ans|(?:correct|right) (?:option|choice))\b(?:[ \t]+(?:to|of|for)\b[^.\n:=]{0,60})?(?:[ \t]*\*\*)?[ \t]*(?:\bis\b|\bare\b|would be|will be|should be|must be|:|=|\uff1a)[ \t]*:?|\u7b54\u6848[\u662f\u4e3a\uff1a:]/gi

/** What follows the last announcement that has something behind it: a formula, or words up to the end of the sentence. */
function afterPhrase(text: string, isAnswer: (text: string) => boolean): string | undefined {
  const tail = text.slice(-20_000)
  const places = [...tail.matchAll(phrases)].toReversed()
  for (const { index, 0: phrase } of places.slice(0, 5)) {
    const rest = tail.slice(index + phrase.length, index + phrase.length + 3000).replace(/^(?:\s*\})?[\s*:]*/, '') // it may stand in \\text{}
    const answer = sentenceOf(rest)
    if (/^(?:not|never|n't)\b/i.test(answer)) return answer
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
  return saidIn(sentence, isAnswer) ?? lastValue(sentence, isAnswer)
}

/** What stands behind the last "is" of a sentence, where that is an answer. */
function saidIn(sentence: string, isAnswer: (text: string) => boolean): string | undefined {
  const said = /^.*\b(?:is|are|equals|be)\b:?\s+(?:(?:approximately|about|roughly|around|exactly|just|at|given by|equal to)\s+)?(.*)$/s
    .exec(sentence)?.[1]
    ?.trim()
  return said !== undefined && said !== '' && isAnswer(said) ? said : undefined
}

/** The last formula; or what a later sentence or bold type says, else the last number of that sentence. */
function lastValue(text: string, isAnswer: (text: string) => boolean): string | undefined {
  const tail = text.slice(-5000)
  const formula = lastFormula(tail)
  const after = formula === undefined ? tail : tail.slice(formula.end)
  const bold = lastBold(after, isAnswer)
  if (bold !== undefined) return bold
  const later = formula === undefined ? tail : /[.!?\n]\s(.*)$/s.exec(after)?.[1]
  if (later === undefined) return formula?.text
  const sentence = later.slice(-2000)
  const last = /(?:^|[.!?]\s+|\n)([^\n]*?\d[^\n]*?)[.!?]?\s*$/s.exec(unstarred(sentence))?.[1]
  const said = last === undefined || last.length > 300 ? undefined : saidIn(last, isAnswer)
  return said ?? runOf(sentence, isAnswer) ?? formula?.text
}

/** Bold type at the end, `**C**`, `**2\u221a3**`, unless it is a heading. */
function lastBold(text: string, isAnswer: (text: string) => boolean): string | undefined {
  const [, bold = '', after = ''] = /\*\*([^*\n]{1,80})\*\*([^*\n]{0,40})\s*$/.exec(text) ?? []
  const inside = bold.replace(/[.:]$/, '').trim()
  if (inside === '' || bold.trim().endsWith(':') || /^\s*:|\d/.test(after)) return undefined
  if (/\b(?:answer|step|solution|note|conclusion|therefore|thus|hence|verif\w*|check|final|so|result|explanation)\b/i.test(inside))
    return undefined
  return isAnswer(inside) || /^[\p{L}'-]+(?: [\p{L}'-]+){0,3}$/u.test(inside) ? inside : undefined
}

/** The last number with what belongs to it: signs, roots and letters beside it, and brackets that are open round it. */
function runOf(sentence: string, isAnswer: (text: string) => boolean): string | undefined {
  const plain = unstarred(sentence)
  const number = [...plain.matchAll(numbers)].at(-1)?.[0].trim()
  const words = [...plain.matchAll(/\S+/g)]
  const last = words.findLast(([word]) => /\d|[\u221a\u03c0\u221e\u00bd\u00bc\u00be]/.test(word))
  if (last === undefined) return number
  const [from, to] = balanced(plain, words, words.indexOf(last))
  const run = plain
    .slice(from, to)
    .replace(/[.,;!?'"]+$/, '')
    .trim()
  return run.length <= 200 && run !== number && isAnswer(run) ? run : number
}

const operator = /^[-+=<>\u2212\u00b1*/\u00d7\u00b7:\u2264\u2265\u2260\u2248]$/

/** Where the words of a formula begin and end: grown over operators between words, and to both ends of brackets. */
function balanced(text: string, words: readonly RegExpExecArray[], middle: number): [number, number] {
  let [first, last] = [middle, middle]
  const at = (index: number): string => words[index]?.[0] ?? ''
  const slice = (): string => text.slice(words[first]?.index ?? 0, (words[last]?.index ?? 0) + at(last).length)
  const depth = (open: RegExp): number => slice().match(open)?.length ?? 0
  while (operator.test(at(first - 1)) && first >= 2 && /^[\w(]|\d/.test(at(first - 2)) && at(first - 2).length <= 12) first -= 2
  while (depth(/[([]/g) < depth(/[)\]]/g) && first > 0 && middle - first < 12) first -= 1
  while (depth(/[([]/g) > depth(/[)\]]/g) && last < words.length - 1 && last - middle < 12) last += 1
  if (/^[ap]\.?m\.?$/i.test(at(last + 1))) last += 1
  return [words[first]?.index ?? 0, (words[last]?.index ?? 0) + at(last).length]
}

/** Without the marks of bold type. */
function unstarred(line: string): string {
  return line.replace(/\*\*/g, '').trim()
}

const formulas =
  /\\begin\{((?:align|gather|equation|eqnarray|multline)\*?)\}[^]{1,3000}?\\end\{\1\}|\$\$((?:\\.|[^$\\])+)\$\$|(?<!\\)\$((?:\\.|[^$\\\n])+)\$|\\\((.+?)\\\)|\\\[([\s\S]+?)\\\]/g
const ornaments = /^(?:[\s.,$]|\\(?:blacksquare|square|Box|qed|checkmark)(?![a-zA-Z])|\\[()[\]])*$/

/** The last formula between dollar signs or brackets of LaTeX, with formulas that `and` or a comma joins to it. */
function lastFormula(tail: string): { readonly text: string; readonly end: number } | undefined {
  const found = [...tail.matchAll(formulas)].filter(([whole]) => !ornaments.test(whole))
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
