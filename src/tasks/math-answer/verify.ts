/**
 * The verifier: whether a response's answer is the gold answer. Any input gets a verdict, the same one every time, after a bounded number of
 * steps. Three-valued: what cannot be decided is not called wrong. It reads no file and knows no problem, only the two texts.
 */
import { alternativesOf } from './alternatives.ts'
import { compareNodes } from './compare.ts'
import { type Extracted, extractAnswer } from './extract.ts'
import { namingCommands } from './names.ts'
import type { Node } from './node.ts'
import { type Judging, type Method, type Outcome, right, undecided, wrong } from './outcome.ts'
import { verifyDefaults, type VerifyPolicy } from './policy.ts'
import { readAnswer, type Reading } from './read.ts'
import { choiceOf, choicesOf, compareChoices, compareTimes, isSameText, textForm } from './texts.ts'
import { OutOfWork, startWork, type Work } from './work.ts'

export interface Verification {
  readonly verdict: 'right' | 'wrong' | 'undecided'
  readonly method: Method // how it was decided
  readonly why: string // one sentence
  readonly extracted: string | undefined // the answer as it stands in the response
  readonly from?: Extracted['from'] // where it stood
}

/** Judges a response against a gold answer. Never throws. */
export function verify(gold: string, response: string, policy: VerifyPolicy = verifyDefaults): Verification {
  let extracted: Extracted | undefined
  try {
    const work = startWork(policy.maxWork)
    extracted = extractAnswer(response, (text) => canRead(text, work))
    if (extracted === undefined) return verification(wrong('reading', 'the response has no answer'), extracted)
    return verification(judge(gold, extracted.text, { policy, work: startWork(policy.maxWork), compare: compareNodes }), extracted)
  } catch (error) {
    if (!(error instanceof OutOfWork)) return verification(undecided('limits', `internal: ${String(error)}`), extracted)
    const isBloated = extracted !== undefined && extracted.text.length > 300 + 10 * gold.length
    const outcome = isBloated
      ? wrong('limits', `${error.message}, and the answer is far longer than the gold answer`)
      : undecided('limits', error.message)
    return verification(outcome, extracted)
  }
}

/** Whether a gold answer can be read: what tapo data check asks of each row. */
export function readProblem(gold: string, policy: VerifyPolicy = verifyDefaults): string | undefined {
  const text = goldText(gold)
  if (isInteger(text)) return undefined
  if (text.trim() === '') return 'the answer is empty'
  if (text.length > policy.maxCharacters) return `the answer has over ${policy.maxCharacters} characters`
  try {
    const { node, problem, text: cleaned } = readAnswer(text, startWork(policy.maxWork))
    return node !== undefined || isWords(cleaned) ? undefined : problem
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function verification({ verdict, method, why }: Outcome, extracted: Extracted | undefined): Verification {
  return { verdict, method, why, extracted: extracted?.text, ...(extracted && { from: extracted.from }) }
}

/** A gold answer may stand in a box or between dollar signs. */
export function goldText(gold: string): string {
  return /\\boxed|####|\banswer is\b/.test(gold) ? (extractAnswer(gold, () => true)?.text ?? gold) : gold
}

function judge(goldAnswer: string, given: string, judging: Judging): Outcome {
  const gold = goldText(goldAnswer)
  const { policy, work } = judging
  if (isInteger(gold) && isInteger(given)) return compareIntegers(gold, given)
  if (given.trim() === '') return wrong('reading', 'the answer is empty')
  if (gold.length > policy.maxCharacters)
    return given === gold ? right('text', 'the same text') : undecided('limits', 'the gold answer is too long')
  if (given.length > policy.maxCharacters) return wrong('limits', `the answer has over ${policy.maxCharacters} characters`)
  const wanted = readAnswer(gold, work)
  const found = readAnswer(given, work)
  const words = compareTimes(wanted.text, found.text) ?? compareChoices(wanted.text, found.text, policy.anyOrder)
  if (words !== undefined) return words
  if (isSameText(wanted.text, found.text)) return right('text', 'the same text')
  const choices = compareLabels(wanted.text, found.text)
  if (choices !== undefined) return choices
  const outcome = compareReadings(wanted, found, judging)
  return outcome.verdict === 'right' ? outcome : (otherwise(wanted, found, judging) ?? outcome)
}

/** A gold answer with the letter of its choice: another letter is wrong, and the letter alone is enough. */
function compareLabels(gold: string, given: string): Outcome | undefined {
  const wanted = choiceOf(gold)
  const found = wanted && (choiceOf(given)?.letter ?? choicesOf(given))
  if (wanted === undefined || found === undefined) return undefined
  if (found !== wanted.letter) return wrong('text', `the choice ${found}, not ${wanted.letter}`)
  return choiceOf(given) === undefined ? right('text', `the choice ${found}`) : undefined
}

/** Right where another way to read the two makes them so. What may be assigned is not for an equation that is asked for. */
function otherwise(wanted: Reading, found: Reading, judging: Judging): Outcome | undefined {
  const { policy, work } = judging
  const readings = (reading: Reading): Reading[] => [
    reading,
    ...alternativesOf(reading.text, isChain(reading.node), policy).map((text) => readAnswer(text, work)),
  ]
  const givens = readings(found)
  try {
    for (const [i, gold] of readings(wanted).entries()) {
      if (gold.node === undefined || (i > 0 && wanted.node !== undefined && isEquation(wanted.node))) continue
      for (const [j, given] of givens.entries()) {
        if (i + j === 0 || given.node === undefined || (isEquation(gold.node) && !isEquation(given.node))) continue
        const outcome = compareReadings(gold, given, judging)
        if (outcome.verdict === 'right') return outcome
      }
    }
  } catch (error) {
    if (!(error instanceof OutOfWork)) throw error
  }
  return undefined
}

function isChain(node: Node | undefined): boolean {
  return node?.kind === 'relation' && node.sides.length > 2
}

/** A relation that is an answer itself and not the value of something with a name. */
function isEquation(node: Node): boolean {
  return node.kind === 'relation'
}

function compareReadings(wanted: Reading, found: Reading, judging: Judging): Outcome {
  const { policy, work } = judging
  if (wanted.node === undefined)
    return isWords(wanted.text) ? wrong('text', 'other words') : undecided('reading', `the gold answer cannot be read: ${wanted.problem}`)
  if (found.node === undefined) return wrong('reading', `the answer cannot be read: ${found.problem}`)
  const outcome = compareNodes(wanted.node, found.node, judging)
  if (outcome.verdict !== 'wrong') return outcome
  const other = otherReading(wanted.node, found.text, policy, work)
  return other === undefined ? outcome : preferRight(compareNodes(wanted.node, other, judging), outcome)
}

function preferRight(second: Outcome, first: Outcome): Outcome {
  return second.verdict === 'right' ? second : first
}

/** Commas have two meanings. Where the gold answer is a list, they stand between items; where it is a decimal, one may be its point. */
function otherReading(gold: Node, text: string, policy: VerifyPolicy, work: Work): Node | undefined {
  if (!/\d,\d/.test(text)) return undefined
  if (gold.kind === 'list' || gold.kind === 'group') return readAnswer(text, work, 'separators').node
  const isDecimal = gold.kind === 'number' && gold.places !== undefined
  return isDecimal && policy.decimalComma && /^-?\d+,\d+\D*$/.test(text) ? readAnswer(text.replace(',', '.'), work).node : undefined
}

const naming = new RegExp(String.raw`\\(?:${namingCommands.join('|')})(?![a-zA-Z])`, 'g')

/** Words alone, of which no sign is mathematics. */
function isWords(text: string): boolean {
  return /^[a-zA-Z\s'.,-]+$/.test(textForm(text.replace(naming, ' ')))
}

function canRead(text: string, work: Work): boolean {
  return !isProse(text) && (readAnswer(text, work).node !== undefined || choicesOf(text) !== undefined || choiceOf(text) !== undefined)
}

/** Sentences, or formulas with words round them. */
function isProse(text: string): boolean {
  const bare = text.replace(/\\text\{[^{}]*\}|\\[a-z]+/gi, ' ')
  if (
    /[a-z]{2,}\s+[a-z]{2,}\s+[a-z]{2,}/i.test(bare) ||
    /\b(?:it|is|the|not|so|we|that|which|get|answer|there|therefore|hence|thus|are|has|have|was|choose|of)\b/i.test(bare)
  )
    return true
  const outside = text.replace(/\$\$?(?:\\.|[^$\\])+\$\$?|\\\(.*?\\\)|\\\[[\s\S]*?\\\]/g, ' ')
  return outside !== text && /[a-z]{3,}/i.test(outside.replace(/\b(?:and|or|percent|pct)\b/gi, ''))
}

function isInteger(text: string): boolean {
  return text.length < 5000 && /^\s*\$?[+-]?\d+\$?\s*$/.test(text)
}

/** Digit by digit, so that size does not matter. */
function compareIntegers(gold: string, given: string): Outcome {
  const plain = (text: string): string =>
    text
      .replace(/[\s$+]/g, '')
      .replace(/^(-?)0+(?=\d)/, '$1')
      .replace(/^-0$/, '0')
  return plain(gold) === plain(given)
    ? right('integer', `both are ${plain(gold).slice(0, 60)}`)
    : wrong('integer', `${plain(given).slice(0, 60)} is not ${plain(gold).slice(0, 60)}`)
}
